"""What the vocabulary desk decided, as a small file that every process reads.

Terms are asked for at every turn, also where there is no session, so what stands in the store is
written out beside it. The file is derived: `kb.vocabularies.decided.publish` makes it anew.
"""

import json
import time
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from kb.settings import settings

NAME = "vocabularies.json"


class Stamp(NamedTuple):
    """Which state of the file is meant."""

    path: Path
    changed: int
    size: int


def file() -> Path:
    """Where the file lies."""
    return settings().home / NAME


def stamp() -> Stamp | None:
    """The file as it is now; None when the desk decided nothing yet.

    What another process wrote is seen a tenth of a second later: one page asks hundreds of times.
    """
    return _stamp(settings().home, int(time.monotonic() * 10))


@lru_cache(maxsize=4)
def _stamp(home: Path, _moment: int) -> Stamp | None:
    path = home / NAME
    try:
        found = path.stat()
    except OSError:
        return None
    return Stamp(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4)
def _read(at: Stamp) -> dict[str, Any]:
    held: dict[str, Any] = json.loads(at.path.read_text("utf-8"))
    return held


def terms(at: Stamp | None) -> dict[str, dict[str, dict[str, Any]]]:
    """Vocabulary id to code to term."""
    return _read(at)["terms"] if at else {}


def synonyms(at: Stamp | None) -> list[dict[str, Any]]:
    """Entries for the thesaurus, as its files have them."""
    return _read(at)["synonyms"] if at else []


def write(held: dict[str, Any]) -> None:
    """Put a new state in the place of the old one, whole."""
    path = file()
    text = json.dumps(held, ensure_ascii=False, sort_keys=True)
    if path.exists() and path.read_text("utf-8") == text:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
    _stamp.cache_clear()
