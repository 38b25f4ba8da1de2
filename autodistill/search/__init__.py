"""The stage that decides what to try next: Optuna by ask and tell."""
