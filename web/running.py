"""Searches run again from their parameters: for trails and saved searches."""

from index.engine import default_engine
from index.query import Query
from index.search import found_ids
from kb.trails.rerun import Found


def run_search(params: list[tuple[str, str]]) -> Found:
    """Every record that a search finds now, best first.

    Raises IndexMissing, IndexStale and IndexDamaged.
    """
    return Found(found_ids(Query.from_params(params)), index_mark())


def index_mark() -> str:
    """Which state of the index is being searched."""
    return default_engine().generation().manifest.fingerprint
