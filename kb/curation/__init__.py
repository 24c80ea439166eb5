"""How a record comes to be: entries that people write, and their review."""
