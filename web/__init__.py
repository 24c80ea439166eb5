"""The site: pages and the read-only API over store and index."""
