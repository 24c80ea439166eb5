"""Names that the store has, so that a text that holds one is read more surely."""

import re
from collections.abc import Iterable
from typing import Any

from sqlmodel import select

from crawlers.facts import Known
from crawlers.facts.gazetteer import KnownPlace
from kb.database import session_scope
from kb.directory.models import Organisation
from kb.errors import StoreUnavailable
from kb.records.models import Record

_MOST = 20_000  # of each; a store that holds more is served by what it has most of


def known_names() -> Known:
    """Organisations and places of the store; none where no store is set up."""
    try:
        with session_scope() as session:
            organisations = session.exec(select(Organisation.name).limit(_MOST)).all()
            column: Any = Record.content
            places = session.exec(select(column["place"]).limit(_MOST)).all()
    except StoreUnavailable:
        return Known()
    return Known(tuple(organisations), tuple(_places(places)))


def _places(rows: Iterable[Any]) -> Iterable[KnownPlace]:
    """Each place of a record once, when its name is one that texts would write."""
    seen: set[tuple[str, str, str]] = set()
    for row in rows:
        if not isinstance(row, dict) or not row.get("name"):
            continue
        name = str(row["name"]).partition(",")[0].strip()
        key = (name, str(row.get("region") or ""), str(row.get("country") or ""))
        if key not in seen and _IS_NAME.fullmatch(name):
            seen.add(key)
            yield KnownPlace(name, "town", key[1], key[2])


_IS_NAME = re.compile(
    r"[^\W\d_a-z][\w'\u2019.-]+(?: (?:[^\W\d_a-z][\w'\u2019.-]+|of|on|upon|and|the)){0,3}"
)
