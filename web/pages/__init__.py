"""Pages: one module each, found by listing: it has a `router`, and a template of the same name."""
