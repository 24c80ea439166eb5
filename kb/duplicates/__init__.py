"""Records that may tell of the same practice: pairs found, and what people decided about them."""
