"""The pages of a study database in a browser, ours and Optuna's, while searches run."""
