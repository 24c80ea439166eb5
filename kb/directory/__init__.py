"""The directory of sources, organisations and people."""
