"""One file per source; `crawlers.source.known_sources` lists this folder."""
