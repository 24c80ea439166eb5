"""Feeds: one module each with a `router`, found by listing this folder."""
