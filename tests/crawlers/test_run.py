"""A run: what is saved and reported; that it can be repeated, refused and taken back."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from filelock import FileLock
from sqlmodel import Session, func, select

from crawlers.errors import LayoutChanged, RunInProgress, SourceUnknown
from crawlers.expected import filled
from crawlers.files import pages_from
from crawlers.page import Page
from crawlers.run import Ending, run
from crawlers.run_report import RunReport
from crawlers.source import Finding, Source, source_named
from crawlers.walk import Missed
from kb.database import session_scope
from kb.directory import service as directory
from kb.directory.models import RecordSource, SourceRun
from kb.errors import FileUnreadable
from kb.jobs import Job
from kb.records import service
from kb.records.models import Record, RecordRevision
from kb.settings import settings
from tests.crawlers.listings import award_entry, write_listing


class Small(Source):
    """Reads JSON of the form [{title, url}] for a source of the directory that is trusted."""

    id = "pop-datasets"
    title = publisher = "Small"
    country = "gb"
    licence = "unknown"
    home = "https://example.org/"
    language = "en"
    fewest = 1
    most = 10
    fill_rates: ClassVar[Mapping[str, float]] = {"provenance.original_url": 1.0}

    def records(self, page: Page) -> Iterator[Finding]:
        if not isinstance(page.json, list):
            raise LayoutChanged(page.url, "a list")
        for item in page.json:
            yield self.record(item["title"], self._data(page, item))

    def _data(self, page: Page, item: dict[str, Any]) -> dict[str, Any]:
        return {
            "record_type": "guide",
            "title": item["title"],
            "summary": item.get("summary", ""),
            "provenance": [
                {
                    "source": self.id,
                    "external_id": item["title"],
                    "original_url": item.get("url", ""),
                    "captured_on": page.fetched_at.date(),
                }
            ],
        }


class Untrusted(Small):
    id = "howard-league-community-awards"


def page(*items: dict[str, Any], day: int = 1) -> Page:
    return Page(
        "https://example.org/list.json",
        json.dumps(list(items)).encode(),
        "application/json",
        datetime(2026, 1, day, tzinfo=UTC),
    )


ONE = {"title": "First guide to lighting", "url": "https://example.org/1"}
TWO = {"title": "Second guide to locks", "url": "https://example.org/2"}


def count(model: type[Any]) -> int:
    with session_scope() as session:
        return session.exec(select(func.count()).select_from(model)).one()


def states(session: Session) -> set[str]:
    return set(session.exec(select(Record.state)).all())


def test_a_trusted_source_is_published_unverified(store: Path) -> None:
    report = run(Small(), [page(ONE, TWO)])
    assert report.counts["new"] == 2
    assert report.outcome == "done"
    with session_scope() as session:
        assert states(session) == {"published-unverified"}
        saved = service.get(session, session.exec(select(Record.id)).first() or "")
        assert saved.door == "harvest"


def test_another_source_goes_to_review(store: Path) -> None:
    run(Untrusted(), [page(ONE)])
    with session_scope() as session:
        assert states(session) == {"submitted"}


def test_running_twice_changes_nothing_even_on_another_day(store: Path) -> None:
    run(Small(), [page(ONE, TWO)])
    report = run(Small(), [page(ONE, TWO, day=2)])
    assert report.counts["same"] == 2
    assert count(RecordRevision) == 2


def test_a_changed_item_makes_a_new_version(store: Path) -> None:
    run(Small(), [page(ONE, TWO)])
    report = run(Small(), [page({**ONE, "summary": "Now with a summary."}, TWO)])
    assert (report.counts["changed"], report.counts["same"]) == (1, 1)
    assert count(RecordRevision) == 3


def test_a_broken_item_is_named_and_stops_nothing(store: Path) -> None:
    bad_address = {"title": "Bad address", "url": "not an address"}
    no_address = {"title": "No address"}
    report = run(Small(), [page(bad_address, ONE, no_address, TWO)])
    assert report.counts["new"] == 2
    assert report.counts["broken"] == 2
    assert [item.name for item in report.problems] == ["Bad address", "No address"]
    assert "Bad address: provenance.1.original_url" in report.as_text()


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([], "0 records found; a run should find 1 to 10"),
        ([{"title": f"Guide {n}", "url": f"https://e.org/{n}"} for n in range(11)], "11 records"),
        ([ONE, {"title": "No address"}], "'provenance.original_url' is filled in 50%"),
    ],
)
def test_a_run_outside_what_is_expected_is_failed(
    store: Path, items: list[dict[str, Any]], reason: str
) -> None:
    report = run(Small(), [page(*items)])
    assert report.outcome == "failed"
    assert reason in report.failures[0]
    with session_scope() as session:
        kept = directory.last_run(session, "pop-datasets")
    assert kept is not None
    assert kept.outcome == "failed"
    assert reason in kept.problems[0]["reason"]


def test_a_page_that_changed_its_layout_fails_the_run_but_not_the_other_pages(store: Path) -> None:
    changed = Page("https://example.org/x", b"{}", "application/json", datetime.now(UTC))
    not_json = Page("https://example.org/y", b"<html>", "text/html", datetime.now(UTC))
    report = run(Small(), [changed, not_json, page(ONE)])
    assert report.counts["new"] == 1
    assert len(report.failures) == 2
    assert "a list was looked for" in report.failures[0]
    assert "not JSON" in report.failures[1]


def test_a_dry_run_reports_and_keeps_nothing(store: Path) -> None:
    report = run(Small(), [page(ONE, {"title": "No address"}, ONE, TWO)], dry_run=True)
    counts = report.counts
    assert (counts["new"], counts["repeated"], counts["broken"]) == (2, 1, 1)
    assert "Nothing was kept" in report.as_text()
    for model in (Record, RecordRevision, SourceRun, Job, RecordSource):
        assert count(model) == 0


def test_items_that_are_not_there_any_more_are_told_and_their_records_stay(store: Path) -> None:
    run(Small(), [page(ONE, TWO)], how="live")
    for _ in range(2):
        report = run(Small(), [page(ONE)], how="live")
        assert (report.counts["absent"], report.outcome) == (1, "done")
        assert "1 listed by an earlier run, and not any more" in report.as_text()
        assert f"{TWO['title']}: its id there was {TWO['title']}" in report.as_text()
    assert count(Record) == 2
    # A run that could not read everything cannot tell.
    assert run(Small(), [page(ONE, {"title": "No address"})], how="live").counts["absent"] == 0
    assert run(Small(), [page(ONE, TWO)], how="live").counts["absent"] == 0
    assert (
        run(Small(), [page(ONE)], how="live", after=lambda: Ending(whole=False)).counts["absent"]
        == 0
    )
    assert run(Small(), [page(ONE)]).counts["absent"] == 0
    # Nor can one that found so little that it failed.
    assert run(Small(), [page()], how="live").counts["absent"] == 0


def test_a_run_that_had_no_page_does_not_say_that_the_source_has_changed(store: Path) -> None:
    missed = [Missed("no connection", "https://example.org/", "it cannot be reached")]
    report = run(Small(), [], how="live", after=lambda: Ending(missed=missed))
    assert report.failures == ["No page could be had (no connection: it cannot be reached)"]


def test_what_was_refused_blocked_or_changed_is_counted(store: Path) -> None:
    missed = [
        Missed(kind, f"https://example.org/{kind}", "so it is")
        for kind in ("refused by robots", "blocked", "asked to wait", "layout changed", "gone")
    ]
    unlike = Page("https://example.org/x", b"{}", "application/json", datetime.now(UTC))
    pages = [page(ONE, TWO), *[page(ONE)] * 4, unlike]
    report = run(Small(), pages, how="live", after=lambda: Ending(missed=missed))
    counts = report.counts
    assert (counts["refused"], counts["blocked"], counts["layout"]) == (1, 2, 2)
    assert report.outcome == "done"
    assert "2 pages whose layout has changed" in report.as_text()
    assert "https://example.org/gone: gone: so it is" in report.as_text()
    assert "/desk" not in report.as_text()
    with session_scope(write=True) as session:
        row = directory.source(session, Small.id)
        assert row is not None
        row.trusted = False
        session.add(row)
    assert "see /desk" in run(Small(), [page({**ONE, "title": "Another"})]).as_text()


def test_the_report_is_kept_with_the_source(store: Path) -> None:
    report = run(Small(), [page(ONE, {"title": "No address"})])
    with session_scope() as session:
        kept = directory.last_run(session, "pop-datasets")
    assert kept is not None
    assert kept.counts == report.counts
    assert kept.finished_at is not None
    assert [item["name"] for item in kept.problems if item["kind"] == "broken"] == ["No address"]


def test_the_index_is_asked_to_catch_up_once(store: Path) -> None:
    run(Small(), [page(ONE, TWO)])
    with session_scope() as session:
        waiting = session.exec(select(Job)).all()
    assert [job.name for job in waiting] == ["index.sync"]


def test_two_runs_of_one_source_at_a_time_are_refused(store: Path) -> None:
    with FileLock(settings().home / "crawl-pop-datasets.lock"), pytest.raises(RunInProgress):
        run(Small(), [page(ONE)])


def test_a_run_that_was_killed_is_marked_by_the_next(store: Path) -> None:
    with session_scope(write=True) as session:
        session.add(SourceRun(source_id="pop-datasets", started_at=datetime.now(UTC)))
    run(Small(), [page(ONE)])
    with session_scope() as session:
        outcomes = session.exec(select(SourceRun.outcome).order_by(SourceRun.id)).all()
    assert outcomes == ["interrupted", "done"]


def test_a_source_without_a_directory_entry_is_refused(store: Path) -> None:
    class Unlisted(Small):
        id = "unlisted"

    with pytest.raises(SourceUnknown, match="pop-datasets"):
        run(Unlisted(), [page(ONE)])


def test_an_unreadable_folder_ends_the_run_and_is_noted(store: Path, tmp_path: Path) -> None:
    source = source_named("pop-datasets")
    with pytest.raises(FileUnreadable, match=r"holds no content\.json"):
        run(source, pages_from(tmp_path, source))
    with session_scope() as session:
        kept = directory.last_run(session, source.id)
    assert kept is not None
    assert kept.outcome == "failed"


def test_an_edit_by_people_is_never_overwritten(store: Path) -> None:
    run(Small(), [page(ONE)])
    with session_scope(write=True) as session:
        record_id = session.exec(select(Record.id)).one()
        practice = service.get(session, record_id)
        edited = practice.content.model_copy(update={"summary": "Edited by hand."})
        service.save(
            session,
            edited.model_copy(update={"record_type": "guide"}),
            door="form",
            actor="librarian",
            state="draft",
        )
    report = run(Small(), [page({**ONE, "summary": "From the source."})])
    assert report.counts["kept"] == 1
    with session_scope() as session:
        assert service.get(session, record_id).content.summary == "Edited by hand."


def listing_run(folder: Path) -> RunReport:
    source = source_named("pop-datasets")
    return run(source, pages_from(folder, source))


def test_one_project_entered_twice_is_one_record_with_both_entries(
    store: Path, tmp_path: Path
) -> None:
    first = award_entry(1, title="Harbour Noise Project")
    again = award_entry(
        7, title="Harbour  Noise Project", agency=first["agency"], description="Winner!"
    )
    assert first["resource_year"] != again["resource_year"]
    report = listing_run(write_listing(tmp_path, [first, again]))
    assert (report.counts["new"], report.counts["joined"]) == (1, 1)
    assert [title for title, _ in report.joined] == ["Harbour Noise Project"]
    with session_scope() as session:
        content = service.get(session, report.joined[0][1]).content
    assert {(row.year, row.level) for row in content.awards} == {
        (first["resource_year"], "not-stated"),
        (again["resource_year"], "winner"),
    }
    assert len(content.provenance) == 2
    assert listing_run(tmp_path).counts["same"] == 2


def test_two_projects_linked_to_one_document_stay_two_records(store: Path, tmp_path: Path) -> None:
    first = award_entry(1, title="Harbour Noise Project")
    other = award_entry(2, title="Bus Shelter Repairs", resource_link=first["resource_link"])
    report = listing_run(write_listing(tmp_path, [first, other]))
    assert report.counts["new"] == 2
    swapped = listing_run(write_listing(tmp_path, [other, first]))
    assert swapped.counts["same"] == 2


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("title", True),
        ("summary", False),
        ("place", True),
        ("place.country", True),
        ("place.region", False),
        ("awards.year", True),
        ("awards.category", False),
        ("contacts.role", False),
    ],
)
def test_filled(path: str, expected: bool) -> None:
    content = service.parse(
        {"title": "T", "place": {"country": "gb"}, "awards": [{"scheme": "x", "year": 2001}]}
    )
    assert filled(content, path) is expected


def test_an_item_that_two_pages_tell_is_taken_from_the_first(store: Path) -> None:
    other = {**ONE, "summary": "Told in other words."}
    for _ in range(2):
        report = run(Small(), [page(ONE, TWO), page(other)])
        assert report.counts["found"] == 2
        assert report.counts["repeated"] == 1
    assert report.counts["same"] == 2
    assert "told by another page" in report.as_text()


def test_an_odd_page_among_many_is_told_and_does_not_fail_the_run(store: Path) -> None:
    class Odd(Small):
        fewest = 0

    good = [page({"title": f"Guide {n} here", "url": f"https://example.org/{n}"}) for n in range(5)]
    odd = Page("https://example.org/odd", b"{}", "application/json", good[0].fetched_at)
    report = run(Odd(), [*good, odd])
    assert report.outcome == "done"
    assert [item.name for item in report.problems] == ["https://example.org/odd"]
    assert run(Odd(), [*good[:3], odd]).outcome == "failed"


def test_what_nobody_has_looked_at_does_not_go_into_what_everybody_reads(store: Path) -> None:
    run(Small(), [page(ONE)])
    report = run(Untrusted(), [page({**ONE, "summary": "Not looked at by anybody."})])
    assert (report.counts["new"], report.counts["joined"]) == (1, 0)
    with session_scope() as session:
        assert states(session) == {"published-unverified", "submitted"}
        (seen,) = session.exec(select(Record).where(Record.state == "published-unverified")).all()
        assert "Not looked at" not in json.dumps(seen.content)
    assert run(Untrusted(), [page({**ONE, "summary": "Not looked at by anybody."})]).counts["same"]
