"""Bad inputs of every kind, each with the one message that it gets: docs/bad-input.md."""
