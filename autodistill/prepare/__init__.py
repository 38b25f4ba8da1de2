"""Preparation: the teacher's signals, recorded once for all trials of a study."""
