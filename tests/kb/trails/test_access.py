"""Who may see and write what, and that a refusal tells nothing."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from kb.audit import AuditEntry
from kb.trails import access, recorder, rerun, service, steps
from kb.trails.access import Viewer
from kb.trails.errors import TrailNotFound, TrailReadOnly
from kb.trails.find import find
from kb.trails.models import Share
from kb.trails.report import report
from kb.trails.rerun import Found
from tests.kb.trails.viewers import ANN, BOB, EVE, row_of, run_search

READS: dict[str, Callable[[Session, str, Viewer], object]] = {
    "view": service.view,
    "report": report,
    "fork": service.fork,
    "rerun": lambda s, t, v: rerun.rerun(s, t, v, lambda _: Found([])),
    "bring its dead ends": lambda s, t, v: steps.bring_dead_ends(s, service.open_trail(s, v), v, t),
}
WRITES: dict[str, Callable[[Session, str, Viewer], object]] = {
    "brief": lambda s, t, v: steps.set_brief(s, t, v, {"place": "x"}),
    "talk": lambda s, t, v: steps.set_talk(s, t, v, {"who": "x"}),
    "change talk": lambda s, t, v: steps.set_talk(s, t, v, {"who": "y"}, _first_talk(s, t)),
    "task": lambda s, t, v: steps.set_task(s, t, v, _first_talk(s, t), "done"),
    "remove talk": lambda s, t, v: steps.remove_talk(s, t, v, "none"),
    "start": lambda s, t, v: steps.start_broad(s, t, v, {}),
    "stop": steps.stop_broad,
    "source": lambda s, t, v: steps.set_source(s, t, v, "trip", "done"),
    "result": lambda s, t, v: steps.set_result(s, t, v, {"title": "x"}),
    "remove result": lambda s, t, v: steps.remove_result(s, t, v, "none"),
    "dead end": lambda s, t, v: steps.note_dead_end(s, t, v, {"what": "x"}),
    "compare": lambda s, t, v: steps.set_comparison(s, t, v, {"records": ["gates", "lamps"]}),
    "remove comparison": lambda s, t, v: steps.remove_comparison(s, t, v, "none"),
    "rename": lambda s, t, v: service.rename(s, t, v, "x"),
    "pause": service.pause,
    "resume": service.resume,
    "close": lambda s, t, v: service.close(s, t, v, {}),
    "reopen": service.reopen,
}
NOTES: dict[str, Callable[[Session, str, Viewer], bool]] = {
    "query": lambda s, t, v: run_search(s, t, "x", [], viewer=v),
    "opened": lambda s, t, v: recorder.note_opened(s, t, v, "gates"),
    "visit": lambda s, t, v: recorder.note_source_visit(s, t, v, "trip"),
    "verdict": lambda s, t, v: recorder.note_verdict(s, t, v, "gates", {"useful": "key"}),
}
OWNS: dict[str, Callable[[Session, str, Viewer], object]] = {
    "link": lambda s, t, v: access.share_by_link(s, "trail", row_of(s, t), v),
    "name": lambda s, t, v: access.share_with(s, "trail", row_of(s, t), v, "eve"),
    "shares": lambda s, t, v: access.shares(s, "trail", row_of(s, t), v),
    "delete": service.delete_trail,
}


def _first_talk(session: Session, trail: str) -> str:
    return sorted(row_of(session, trail).state["talks"])[0]


def _viewers(session: Session, trail: str, other: str) -> dict[str, tuple[Viewer, str]]:
    """Everybody who might come, and what they may: nothing, read, write or own."""
    row = row_of(session, trail)
    token = access.share_by_link(session, "trail", row, ANN)
    gone = access.share_by_link(session, "trail", row, ANN)
    access.revoke(session, "trail", row, ANN, access.shares(session, "trail", row, ANN)[-1].id or 0)
    access.share_with(session, "trail", row, ANN, "reader")
    access.share_with(session, "trail", row, ANN, "writer", may_write=True)
    former = access.share_with(session, "trail", row, ANN, "former", may_write=True)
    access.revoke(session, "trail", row, ANN, former)
    lowered = access.share_with(session, "trail", row, ANN, "lowered", may_write=True)
    assert access.share_with(session, "trail", row, ANN, "lowered") == lowered
    elsewhere = access.share_by_link(session, "trail", row_of(session, other), BOB)
    return {
        "owner": (ANN, "own"),
        "named writer": (Viewer(account="writer"), "write"),
        "named reader": (Viewer(account="reader"), "read"),
        "writer made a reader": (Viewer(account="lowered"), "read"),
        "link": (Viewer(link_token=token, session_key="s1"), "read"),
        "link with an account": (Viewer(account="carol", link_token=token), "read"),
        "nobody": (Viewer(session_key="s2"), ""),
        "another account": (EVE, ""),
        "revoked link": (Viewer(link_token=gone, session_key="s3"), ""),
        "revoked name": (Viewer(account="former"), ""),
        "link to another trail": (Viewer(account="x", link_token=elsewhere), ""),
        "hash as a link": (Viewer(account="x", link_token=access._hashed(token)), ""),
        "trail's id as a link": (Viewer(account="x", link_token=trail), ""),
        "owner's mark as account": (Viewer(account="account:ann"), ""),
        "owner's name as session": (Viewer(session_key="ann"), ""),
        "name as a link": (Viewer(account="x", link_token="reader"), ""),
        "administrator": (Viewer(account="admin"), ""),
    }


def test_nobody_reads_or_writes_a_trail_but_those_it_is_shared_with(session: Session) -> None:
    other = service.open_trail(session, BOB)
    secret = service.open_trail(session, ANN, "Hush", {"problem": "Unspoken"})
    steps.set_talk(session, secret, ANN, {"who": "Sam"})
    for name, (viewer, leave) in _viewers(session, secret, other).items():
        before = row_of(session, secret).sequence
        for act, read in READS.items():
            if leave:
                read(session, secret, viewer)
            else:
                _refused(TrailNotFound, read, session, secret, viewer, name, act)
        own_or_named = bool(leave) and "link" not in name
        sightings = [item.trail_id for item in find(session, viewer, "unspoken")]
        assert (secret in sightings) is own_or_named, name
        assert (secret in [item.id for item in service.mine(session, viewer)]) is own_or_named, name
        for act, write in WRITES.items():
            with session.begin_nested() as point:
                if leave in ("own", "write"):
                    write(session, secret, viewer)
                else:
                    error = TrailReadOnly if leave else TrailNotFound
                    _refused(error, write, session, secret, viewer, name, act)
                point.rollback()
            session.expire_all()
        for note in NOTES.values():
            with session.begin_nested() as point:
                assert note(session, secret, viewer) is (leave in ("own", "write")), name
                point.rollback()
            session.expire_all()
        for act, own in OWNS.items():
            with session.begin_nested() as point:
                if leave == "own":
                    own(session, secret, viewer)
                else:
                    error = TrailReadOnly if leave else TrailNotFound
                    _refused(error, own, session, secret, viewer, name, act)
                point.rollback()
            session.expire_all()
        if leave not in ("own", "write"):
            assert row_of(session, secret).sequence == before, name


def _refused(
    error: type[Exception],
    act: Callable[[Session, str, Viewer], object],
    session: Session,
    trail: str,
    viewer: Viewer,
    *named: str,
) -> None:
    try:
        act(session, trail, viewer)
    except error as refusal:
        assert "Hush" not in str(refusal)
        assert "Unspoken" not in str(refusal)
    else:
        pytest.fail(f"not refused: {named}")


def test_what_is_not_there_and_what_is_not_theirs_look_the_same(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    said = []
    for trail_id in (trail, "0" * 16):
        with pytest.raises(TrailNotFound) as refusal:
            service.view(session, trail_id, EVE)
        said.append(str(refusal.value).replace(trail_id, "…"))
    assert said[0] == said[1]


def test_a_share_is_taken_back_only_from_its_own_trail(session: Session) -> None:
    mine, other = service.open_trail(session, ANN), service.open_trail(session, BOB)
    share = access.share_with(session, "trail", row_of(session, other), BOB, "eve")
    with pytest.raises(TrailNotFound):
        access.revoke(session, "trail", row_of(session, mine), ANN, share)
    assert [item.id for item in service.mine(session, EVE)] == [other]


def test_a_token_is_not_kept_as_it_is(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    token = access.share_by_link(session, "trail", row_of(session, trail), ANN)
    assert token not in str([share.model_dump() for share in session.exec(select(Share))])
    assert token not in str([entry.detail for entry in session.exec(select(AuditEntry))])
