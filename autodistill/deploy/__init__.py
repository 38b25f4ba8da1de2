"""The stage that makes a trained student something to deploy: a folder that loads anywhere."""
