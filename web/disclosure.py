"""What of a record may be shown to everybody: the one door for pages, API and exports.

Hidden records do not exist here, nor do the ids of them that shown records name. Texts and people
that may not be passed on are left out by the same rule as in exports.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from kb.duplicates.merging import merged_into
from kb.errors import KbError
from kb.exports.gate import indexable, may_pass_on_text, open_content
from kb.records import FIELDS, Practice, PracticeIn, service
from kb.records.errors import RecordNotFound
from kb.records.models import Record
from kb.vocabularies import vocabulary
from web import listings

_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
RECORD_IDS = frozenset({"parent", "replicates", "related", "record"})
"""Fields and columns that hold ids of records."""
_POINTING = tuple(
    (spec, columns)
    for spec in FIELDS
    if (columns := tuple(c.name for c in spec.columns if c.name in RECORD_IDS))
    or (spec.name in RECORD_IDS and not spec.columns)
)
_AT_ONCE = 100


class RecordWithdrawn(KbError):
    """The record was taken down; nothing else of it is told."""


class RecordMoved(KbError):
    """The record was merged into another, which answers for it at every address."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        super().__init__(f"This record is now part of '{new}'.")


def shown_record(session: Session, record_id: str) -> Practice:
    """A record that everybody may see, without what may not be shown of it.

    Raises RecordMoved for one that was merged, RecordWithdrawn for one that was taken down,
    RecordNotFound for any other that is
    hidden, as if it did not exist.
    """
    if not _ID.match(record_id) or len(record_id) > 100:
        raise RecordNotFound(record_id[:100])
    practice = service.get(session, record_id)
    if practice.visible:
        return disclosed(session, practice)
    if practice.state == "withdrawn" and not practice.restricted:
        into = merged_into(session, record_id)
        if into is not None and service.get(session, into).visible:
            raise RecordMoved(record_id, into)
        raise RecordWithdrawn("This record was withdrawn.")
    raise RecordNotFound(record_id)


def shown_records(session: Session, ids: Iterable[str]) -> Iterator[Practice]:
    """Those of these records that everybody may see, in the order asked for."""
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        found = service.load(session, wanted[start : start + _AT_ONCE])
        yield from _all_disclosed(session, [one for one in found if one.visible])


@dataclass(frozen=True)
class Version:
    """One version of a record that was open to all, with what may be shown of it."""

    number: int
    state: str
    door: str
    saved_at: datetime
    content: PracticeIn


def shown_versions(session: Session, record_id: str) -> list[Version]:
    """The versions of a shown record that were open to all, newest first."""
    states = {term.code for term in vocabulary("workflow_states") if term.flag("seen_by_all")}
    return [
        Version(
            row.version,
            row.state,
            row.door,
            row.saved_at,
            disclosed_content(session, PracticeIn.from_snapshot(row.content)),
        )
        for row in service.revisions(session, record_id)
        if row.state in states
    ]


Withheld = Literal["", "searched", "kept"]


def withheld_text(session: Session, practice: Practice) -> Withheld:
    """Whether there is a full text that may not be shown, and then whether it is searched."""
    if may_pass_on_text(practice.content.licence):
        return ""
    row = session.get(Record, practice.id)
    if row is None or not row.content.get("body"):
        return ""
    return "searched" if indexable(PracticeIn.from_snapshot(row.content)).body else "kept"


def disclosed(session: Session, practice: Practice) -> Practice:
    """The record without what may not be shown."""
    return replace(practice, content=disclosed_content(session, practice.content))


def disclosed_content(session: Session, content: PracticeIn) -> PracticeIn:
    """Content without what may not be passed on, and without the ids of hidden records."""
    content = open_content(content)
    ids = pointed_to(content)
    hidden = set(ids) - set(listings.titles(session, ids))
    return _without_records(content, hidden) if hidden else content


def _all_disclosed(session: Session, practices: Sequence[Practice]) -> Iterator[Practice]:
    """As `disclosed`, with one question to the store for all of them."""
    contents = [open_content(practice.content) for practice in practices]
    named = [set(pointed_to(content)) for content in contents]
    seen = listings.titles(session, list(set().union(*named))).keys()
    for practice, content, ids in zip(practices, contents, named, strict=True):
        hidden = ids - seen
        shown = _without_records(content, hidden) if hidden else content
        yield replace(practice, content=shown)


def pointed_to(content: PracticeIn) -> list[str]:
    """Ids of the records that a record names."""
    found: list[str] = []
    for spec, columns in _POINTING:
        value = getattr(content, spec.name)
        rows = value if spec.kind == "rows" else [value] if value else []
        named = [getattr(row, name) for row in rows for name in columns] if columns else [value]
        for ids in named:
            if ids:
                found += ids if isinstance(ids, list) else [ids]
    return list(dict.fromkeys(found))


def _without_records(content: PracticeIn, hidden: set[str]) -> PracticeIn:
    changes: dict[str, object] = {}
    for spec in FIELDS:
        value = getattr(content, spec.name)
        if spec.name in RECORD_IDS:
            changes[spec.name] = _kept(value, hidden)
        elif spec.kind == "rows":
            changes[spec.name] = [
                row.model_copy(
                    update={
                        column.name: _kept(getattr(row, column.name), hidden)
                        for column in spec.columns
                        if column.name in RECORD_IDS
                    }
                )
                for row in value
            ]
    return content.model_copy(update=changes)


def _kept(value: str | list[str], hidden: set[str]) -> str | list[str]:
    if isinstance(value, list):
        return [record_id for record_id in value if record_id not in hidden]
    return "" if value in hidden else value
