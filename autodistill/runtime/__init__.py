"""Execution of trials: worker processes on this machine."""
