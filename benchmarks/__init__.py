"""Measurements for everyone: `python -m benchmarks` lists them. Not in the wheel."""
