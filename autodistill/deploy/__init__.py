"""Deployment: full training, and a folder of the student that loads anywhere."""
