"""How reports say dates, terms and sources."""

from datetime import datetime

from sqlmodel import Session

from kb.directory import service as directory
from kb.trails.state import TrailState
from kb.vocabularies import vocabulary


def day(moment: datetime) -> str:
    """Such as 5 January 2027."""
    return f"{moment.day} {moment:%B %Y}"


def minute(moment: datetime) -> str:
    """Such as 5 January 2027, 14:05 UTC."""
    return f"{day(moment)}, {moment:%H:%M} UTC"


def label(vocabulary_id: str, code: str | None) -> str:
    """A term's label; empty for none."""
    return vocabulary(vocabulary_id).label(code) if code else ""


def counted(number: int, noun: str, plural: str = "") -> str:
    """Such as 1 search, 2 searches."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def source_titles(session: Session, state: TrailState) -> dict[str, tuple[str, str]]:
    """Title and address of the sources that a trail went to, by id."""
    found = {}
    for source_id in state.sources:
        source = directory.source(session, source_id)
        entry = source.entry if source else {}
        address = entry.get("url_now") or entry.get("url_then") or ""
        found[source_id] = (source.title if source else source_id, str(address))
    return found
