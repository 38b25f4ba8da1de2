"""Search: decides what to try next, with Optuna by ask and tell."""
