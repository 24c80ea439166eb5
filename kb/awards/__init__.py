"""Award schemes, rounds and entries."""
