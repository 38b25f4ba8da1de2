"""Where trials run: worker processes on this machine."""
