"""What trails hold of a person: handed out and erased."""

import json

from sqlmodel import Session

from kb.trails import access, lists, log, saved, service, steps
from kb.trails.models import Trail
from kb.trails.rerun import Found
from tests.kb.trails.viewers import ANN, BOB, fold_agrees, row_of, state_of


def test_everything_of_a_person_is_handed_out_and_can_be_erased(session: Session) -> None:
    mine = service.open_trail(session, ANN, "Mine", {"problem": "Private"})
    theirs = service.open_trail(session, BOB, "Theirs")
    access.share_with(session, "trail", row_of(session, theirs), BOB, "ann", may_write=True)
    steps.set_talk(session, theirs, ANN, {"who": "Sam"})
    lists.put(session, lists.create(session, ANN, "A list"), ANN, "gates", "My note")
    saved.save_search(session, ANN, "Gates", [("q", "gates")], found=Found(["gates"]))
    token = access.share_by_link(session, "trail", row_of(session, mine), ANN)
    data = json.dumps(service.personal_data(session, "ann"))
    for part in ("Private", "Sam", "My note", "q=gates"):
        assert part in data
    assert access._hashed(token) not in data
    service.erase(session, "ann")
    again = service.personal_data(session, "ann")
    assert {name: value for name, value in again.items() if value} == {}
    assert session.get(Trail, mine) is None
    assert [talk.who for talk in state_of(session, theirs, BOB).talks] == ["Sam"]
    actors = {event.actor for event in log.events(session, theirs)}
    assert any(actor.startswith("erased:") for actor in actors)
    assert "account:ann" not in actors
    assert fold_agrees(session, theirs)
