"""The life of a trail: forked, kept at sign-in, deleted, and audited without what it says."""

from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from kb.audit import AuditEntry
from kb.trails import access, lists, service, steps
from kb.trails.access import Viewer
from kb.trails.errors import TrailNotFound, TrailReadOnly
from kb.trails.models import Share, Trail, TrailEvent
from tests.kb.trails.viewers import ANN, BOB, GUEST, fold_agrees, row_of, state_of


def test_a_fork_takes_the_whole_log_and_then_goes_its_own_way(session: Session) -> None:
    trail = service.open_trail(session, ANN, "Bikes", {"place": "Heath"})
    service.close(session, trail, ANN, {"answer": "Gates"})
    token = access.share_by_link(session, "trail", row_of(session, trail), ANN)
    copy = service.fork(session, trail, Viewer(account="bob", link_token=token))
    steps.set_brief(session, copy, BOB, {"place": "Park"})
    assert state_of(session, trail).brief.place == "Heath"
    state = state_of(session, copy, BOB)
    assert (state.brief.place, state.forked_from, state.status) == ("Park", trail, "open")
    assert state.title == "Bikes (copy)"
    assert fold_agrees(session, copy)
    service.delete_trail(session, trail, ANN)
    assert state_of(session, copy, BOB).brief.place == "Park"


def test_an_anonymous_trail_is_kept_at_sign_in(session: Session) -> None:
    trail = service.open_trail(session, GUEST, "Bikes")
    reading = lists.create(session, GUEST, "For later")
    assert [item.title for item in service.mine(session, GUEST)] == ["Bikes"]
    assert service.claim(session, GUEST.session_key, "ann") == [trail]
    assert service.claim(session, GUEST.session_key, "bob") == []
    assert [item.id for item in service.mine(session, ANN)] == [trail]
    assert lists.view(session, reading, ANN).mine
    for viewer in (GUEST, BOB):
        with pytest.raises(TrailNotFound):
            service.view(session, trail, viewer)
    keys = [item.owner for item in session.exec(select(Trail))]
    assert GUEST.session_key not in " ".join(keys)
    assert fold_agrees(session, trail)


def test_nobody_without_account_or_session_can_begin(session: Session) -> None:
    with pytest.raises(TrailReadOnly):
        service.open_trail(session, Viewer())
    assert service.mine(session, Viewer()) == []


def test_deleting_and_forgetting_leave_nothing(session: Session) -> None:
    gone, kept = service.open_trail(session, ANN), service.open_trail(session, ANN)
    access.share_by_link(session, "trail", row_of(session, gone), ANN)
    service.delete_trail(session, gone, ANN)
    assert session.exec(select(TrailEvent).where(TrailEvent.trail_id == gone)).all() == []
    assert session.exec(select(Share)).all() == []
    visit = service.open_trail(session, GUEST)
    assert service.delete_stale_visits(session, datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert service.delete_stale_visits(session, datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert session.get(Trail, visit) is None
    assert session.get(Trail, kept) is not None


def test_the_audit_tells_that_but_never_what(session: Session) -> None:
    trail = service.open_trail(session, ANN, "Mrs Smith's shed", {"problem": "Mrs Smith"})
    access.share_by_link(session, "trail", row_of(session, trail), ANN)
    service.close(session, trail, ANN, {"answer": "Mrs Smith"})
    service.delete_trail(session, trail, ANN)
    entries = [entry for entry in session.exec(select(AuditEntry)) if entry.subject_type == "trail"]
    actions = ["trail.opened", "trail.shared", "trail.closed", "trail.deleted"]
    assert [entry.action for entry in entries] == actions
    assert "Smith" not in str([entry.detail for entry in entries])
