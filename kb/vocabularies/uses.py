"""What uses a term: the preview of a change before it is accepted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import String, cast, or_
from sqlmodel import Session, select

_FEW = 20


@dataclass(frozen=True)
class Uses:
    """What uses a term: records by id and title, and how many saved searches."""

    records: tuple[tuple[str, str], ...] = ()
    searches: int = 0


def uses(session: Session, terms: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Uses]:
    """The uses of each term, given by vocabulary and code; records count whatever their state."""
    from kb.records.models import Record
    from kb.trails.models import SavedSearch

    wanted = set(terms)
    if not wanted:
        return {}
    records: dict[tuple[str, str], list[tuple[str, str]]] = {term: [] for term in wanted}
    fields = _fields({vocabulary_id for vocabulary_id, _ in wanted})
    query = select(Record.id, Record.title, Record.content).order_by(Record.title)
    if len(wanted) <= _FEW:  # the store leaves out at once what does not hold the letters of a code
        text = cast(Record.content, String)
        query = query.where(or_(*(text.contains(code, autoescape=True) for _, code in wanted)))
    for record_id, title, content in session.exec(query):
        for term in _terms_in(content, fields) & wanted:
            records[term].append((record_id, title))
    queries = session.exec(select(SavedSearch.query)).all()
    asked = [{value for _, value in parse_qsl(query)} for query in queries]
    return {
        term: Uses(tuple(found), sum(term[1] in values for values in asked))
        for term, found in records.items()
    }


def _fields(vocabulary_ids: set[str]) -> list[tuple[str, str, str]]:
    """Each field, and column of rows, that holds codes: field, column or nothing, vocabulary."""
    from kb.records import FIELDS

    return [
        (spec.name, name, held)
        for spec in FIELDS
        for name, held in [("", spec.vocabulary), *((c.name, c.vocabulary) for c in spec.columns)]
        if held in vocabulary_ids
    ]


def _terms_in(
    content: Mapping[str, Any], fields: list[tuple[str, str, str]]
) -> set[tuple[str, str]]:
    found = set()
    for field, column, vocabulary_id in fields:
        values = content.get(field) or []
        rows = values if isinstance(values, list) else [values]
        for row in rows:
            value = row.get(column) if column else row
            codes = value if isinstance(value, list) else [value]
            found |= {(vocabulary_id, code) for code in codes if isinstance(code, str)}
    plain = {field: vocabulary_id for field, column, vocabulary_id in fields if not column}
    for tag in content.get("suggested_tags") or []:
        if tag.get("field_name") in plain:
            found.add((plain[tag["field_name"]], tag.get("code", "")))
    return found
