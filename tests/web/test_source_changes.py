"""A harvested record that a librarian published, and its source changes: it waits at the desk."""

from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from crawlers.run import run
from crawlers.run_report import RunReport
from kb.audit import AuditEntry
from kb.curation.models import Entry
from kb.database import session_scope
from kb.records import service
from kb.records.models import Record
from tests.crawlers.test_run import ONE, TWO, Small, Untrusted, page
from tests.web.conftest import the_app
from tests.web.entries import act
from tests.web.people import person, send, sign_in, soup


@pytest.fixture
def lib(site: object) -> TestClient:
    person("lib", "librarian")
    return sign_in(TestClient(the_app(), raise_server_exceptions=False), "lib")


def crawled(**changes: Any) -> RunReport:
    return run(Untrusted(), [page({**ONE, **changes}, TWO)])


def record() -> Record:
    with session_scope() as session:
        return session.exec(select(Record).where(Record.title == ONE["title"])).one()


def waiting() -> list[Entry]:
    with session_scope() as session:
        return list(
            session.exec(
                select(Entry)
                .where(Entry.started_from == "source", Entry.state != "published")
                .order_by(Entry.created_at)
            )
        )


def main(answer: Any) -> str:
    return " ".join(soup(answer).find("main").get_text(" ").split())


def publish(lib: TestClient) -> None:
    """Reviews the collected record at the desk."""
    lib.get("/desk")
    answer = send(lib, "/desk", {}, action=f"/desk/records/{record().id}")
    desk = str(answer.url.path)
    answer = decide(lib, desk, "publish")
    assert answer.status_code == 200
    assert record().state == "published"


def decide(lib: TestClient, desk: str, decision: str, reason: str = "") -> Any:
    return send(lib, desk, {"decision": decision, "reason": reason}, action=f"{desk}/decide")


def test_a_change_waits_at_the_desk_and_is_taken_over_or_not(lib: TestClient) -> None:
    crawled(summary="As it was first told.")
    # Nobody has looked at it yet, so it simply follows its source.
    assert crawled(summary="As it was told to the librarian.").counts["changed"] == 1
    publish(lib)
    before = record()

    report = crawled(summary="As its source tells it now.")
    assert (report.counts["kept"], report.counts["changed"]) == (1, 0)
    assert "waits at the desk" in report.as_text()
    assert record() == before
    assert crawled(summary="As its source tells it now.").counts["same"] == 2
    (change,) = waiting()
    assert "The source of this record has changed" in main(lib.get(f"/desk/reviews/{change.id}"))

    # A newer change goes into the one that waits.
    crawled(summary="As its source tells it at last.")
    (change,) = waiting()
    desk = f"/desk/reviews/{change.id}"
    assert "its source, which changed" in main(lib.get("/desk"))
    shown = soup(lib.get(desk))
    assert next(item.text for item in shown.select("del")) == "As it was told to the librarian."
    assert "As its source tells it at last." in [item.text for item in shown.select("ins")]
    act(lib, desk, "Claim it")
    assert "Take the change over" in main(lib.get(desk))
    assert decide(lib, desk, "publish").status_code == 200
    assert record().content["summary"] == "As its source tells it at last."
    assert (record().state, record().version) == ("published", before.version + 1)
    assert waiting() == []
    assert crawled(summary="As its source tells it at last.").counts["same"] == 2

    # Declining leaves the record where it is, for everybody to read.
    crawled(summary="As nobody should tell it.")
    (change,) = waiting()
    desk = f"/desk/reviews/{change.id}"
    act(lib, desk, "Claim it")
    assert decide(lib, desk, "decline", "It is worse.").status_code == 200
    assert record().state == "published"
    assert record().content["summary"] == "As its source tells it at last."
    with session_scope() as session:
        told = session.exec(select(AuditEntry.action).where(AuditEntry.subject_id == change.id))
        assert list(told) == ["entry.begun", "entry.claim", "entry.decline"]


def test_what_a_librarian_wrote_stays_where_the_source_says_nothing_new(lib: TestClient) -> None:
    crawled(summary="As it was first told.")
    publish(lib)
    with session_scope(write=True) as session:
        edited = service.get(session, record().id).content.model_copy(
            update={"aspect_what": "What a librarian wrote."}
        )
        service.save(session, edited, door="form", actor="lib", state="published")
    crawled(summary="As its source tells it now.")
    (change,) = waiting()
    assert change.content["aspect_what"] == "What a librarian wrote."
    assert change.content["summary"] == "As its source tells it now."
    assert "aspect_what" not in main(lib.get(f"/desk/reviews/{change.id}"))


def test_a_trusted_source_goes_on_changing_what_only_it_has_told(lib: TestClient) -> None:
    run(Small(), [page(ONE)])
    report = run(Small(), [page({**ONE, "summary": "Now with a summary."})])
    assert report.counts["changed"] == 1
    assert waiting() == []
    assert record().content["summary"] == "Now with a summary."


def test_a_record_published_without_an_edit_is_kept_as_well(lib: TestClient) -> None:
    crawled(summary="As it was first told.")
    with session_scope(write=True) as session:
        service.set_state(session, record().id, "published", actor="lib")
    assert crawled(summary="As its source tells it now.").counts["kept"] == 1
    assert record().content["summary"] == "As it was first told."
    assert len(waiting()) == 1


def test_a_change_that_its_source_takes_back_waits_no_longer(lib: TestClient) -> None:
    crawled(summary="As it was first told.")
    publish(lib)
    crawled(summary="As its source tells it now.", url="https://example.org/else")
    (change,) = waiting()
    # While nobody has taken it up it follows its source in everything.
    crawled(summary="As its source tells it now.")
    (change,) = waiting()
    assert change.content["provenance"] == change.base["provenance"]
    crawled(summary="As it was first told.")
    assert waiting() == []
    # What a reviewer works on is left to them.
    crawled(summary="As its source tells it now.")
    (change,) = waiting()
    act(lib, f"/desk/reviews/{change.id}", "Claim it")
    crawled(summary="As it was first told.")
    assert [one.id for one in waiting()] == [change.id]
