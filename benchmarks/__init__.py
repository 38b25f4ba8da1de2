"""Measurements that anyone can run: `python -m benchmarks` lists them. Not part of the wheel."""
