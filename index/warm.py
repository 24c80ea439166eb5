"""Making a process ready to search, so that nobody waits for the model at the first search."""

import gc
import logging

from index.engine import default_engine
from index.query import Query
from index.search import search
from index.suggest import suggest
from kb.errors import KbError

log = logging.getLogger(__name__)


def warm_up() -> None:
    """Open the index, the model and the lists that searches and suggestions need; never raises."""
    try:
        default_engine().prepare()
        search(Query(text="warming up"))
        suggest("w")
    except (KbError, OSError, RuntimeError, ValueError) as error:
        log.warning("the first search will be slow: %s", error)
    # What is here now stays: to look through it again and again would hold up searches.
    gc.collect()
    gc.freeze()
