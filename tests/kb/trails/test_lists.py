"""Reading lists."""

import pytest
from sqlmodel import Session

from kb.records import service as records
from kb.trails import access, lists
from kb.trails.access import Viewer
from kb.trails.errors import EntryInvalid, TrailNotFound, TrailReadOnly
from tests.kb.trails.viewers import ANN, EVE


def test_a_reading_list_keeps_records_with_own_notes_and_is_private(session: Session) -> None:
    kept = lists.create(session, ANN, "Gates", "For the bid")
    lists.put(session, kept, ANN, "gates", "Read the costs")
    lists.put(session, kept, ANN, "lamps")
    lists.put(session, kept, ANN, "gates")
    found = lists.view(session, kept, ANN)
    assert [(item.record_id, item.note) for item in found.items] == [
        ("gates", "Read the costs"),
        ("lamps", ""),
    ]
    for record in ("hidden", "none"):
        with pytest.raises(EntryInvalid):
            lists.put(session, kept, ANN, record)
    records.set_state(session, "lamps", "withdrawn", actor="a")
    assert lists.view(session, kept, ANN).items[1].record is None
    row = lists.readable(session, kept, ANN)
    link = Viewer(link_token=access.share_by_link(session, "reading_list", row, ANN))
    assert lists.view(session, kept, link).name == "Gates"
    for act in (
        lambda: lists.put(session, kept, link, "wardens"),
        lambda: lists.take_off(session, kept, link, "gates"),
        lambda: lists.rename(session, kept, link, "x", ""),
        lambda: lists.delete_list(session, kept, link),
    ):
        with pytest.raises(TrailReadOnly):
            act()
    with pytest.raises(TrailNotFound):
        lists.view(session, kept, EVE)
    lists.take_off(session, kept, ANN, "gates")
    lists.rename(session, kept, ANN, "Lamps", "")
    assert [item.name for item in lists.mine(session, ANN)] == ["Lamps"]
    lists.delete_list(session, kept, ANN)
    with pytest.raises(TrailNotFound):
        lists.view(session, kept, ANN)
