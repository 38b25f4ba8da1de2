"""Training: a short Lightning fit per trial, the same in full for a recipe."""
