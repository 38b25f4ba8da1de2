"""The stage that trains: a short Lightning fit per trial, and the same fit in full for a recipe."""
