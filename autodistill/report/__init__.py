"""The stage that shows a record to people."""
