"""Searches in vain: counted, without the person, and only what comes again is shown."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from kb.database import session_scope
from kb.directory.gaps import KEPT_DAYS, gaps, note_gap, settle
from kb.directory.models import SearchGap

DAY = date(2026, 5, 1)


def test_the_same_search_is_counted_once_a_time_and_shown_when_it_comes_again(
    store: object,
) -> None:
    with session_scope(write=True) as session:
        assert note_gap(session, "Drone  nuisance", {"country": ["gb"]}, DAY)
        assert gaps(session) == []
        assert note_gap(
            session, "drone nuisance", {"country": ["gb"], "year": []}, date(2026, 5, 9)
        )
        assert note_gap(session, "drone nuisance", {}, DAY)
    with session_scope() as session:
        (found,) = gaps(session)
        assert (found.text, found.filters, found.times) == (
            "drone nuisance",
            {"country": ["gb"]},
            2,
        )
        assert (found.first_day, found.last_day) == (DAY, date(2026, 5, 9))
        assert len(session.exec(select(SearchGap)).all()) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "?",
        "pc.smith@example.org",
        "call 07700 900123",
        "ref 12345678",
        "born 01/02/1980",
        "https://example.org/x",
        "word " * 13,
        "x" * 121,
    ],
)
def test_what_may_be_about_somebody_is_not_kept(store: object, text: str) -> None:
    with session_scope(write=True) as session:
        assert not note_gap(session, text, {})
        assert session.exec(select(SearchGap)).all() == []


def test_gaps_are_settled_opened_and_forgotten(store: object) -> None:
    with session_scope(write=True) as session:
        for _ in range(2):
            note_gap(session, "hover boards", {}, DAY)
        gap_id = gaps(session)[0].id
        assert gap_id is not None
        assert settle(session, gap_id)
        assert gaps(session) == []
        assert len(gaps(session, settled=True)) == 1
        assert settle(session, gap_id, settled=False)
        assert not settle(session, 999)


def test_what_nobody_searched_for_in_two_years_is_forgotten(store: object) -> None:
    with session_scope(write=True) as session:
        for _ in range(2):
            note_gap(session, "hover boards", {}, DAY)
        note_gap(session, "drones", {}, DAY + timedelta(days=KEPT_DAYS))
        assert [gap.text for gap in gaps(session)] == ["hover boards"]
        note_gap(session, "scooters", {}, DAY + timedelta(days=KEPT_DAYS + 1))
        assert gaps(session) == []
        assert sorted(session.exec(select(SearchGap.text))) == ["drones", "scooters"]
