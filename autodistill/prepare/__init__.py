"""The stage in which a teacher becomes recorded signals, so that it works once and never again."""
