"""The read-only API, version 1: one module each with a `router`, found by listing this folder."""
