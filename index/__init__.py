"""Search: records made findable by words and by meaning. Derived data; never the truth."""
