"""Inputs that nobody chose: each works, or is one message with exit code 2."""
