"""What the machine formats say of a record beside its fields."""

from typing import Any

from kb.records import Practice
from kb.settings import settings

HEADING = ("id", "address", "state", "restricted", "door", "version", "updated_at")
"""Names used in files; `kb.imports` knows them again, and none is the name of another field."""

NOTE = "my_note"
"""Column of one person's own notes in tables made for them; no part of the record."""


def address(practice: Practice) -> str:
    """The record's address on this site."""
    return f"{settings().site_address}/records/{practice.id}"


def heading(practice: Practice) -> dict[str, Any]:
    """Id, address, state, door, version and moment of the last change, where there are any."""
    values = {
        "id": practice.id,
        "address": address(practice),
        "state": practice.state,
        "restricted": practice.restricted,
        "door": practice.door,
        "version": practice.version,
        "updated_at": practice.updated_at.isoformat(),
    }
    return {name: value for name, value in values.items() if value not in ("", False)}


def fields_of(practice: Practice) -> dict[str, Any]:
    """The filled-in fields as plain values, id and kind of record always among them."""
    snapshot = practice.content.snapshot()
    return {"id": practice.id, "record_type": practice.content.record_type, **snapshot}
