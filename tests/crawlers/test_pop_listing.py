"""The real listing, where it is at hand: every item accounted for, and nothing twice."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from crawlers.files import pages_from
from crawlers.run import run
from crawlers.run_report import RunReport
from crawlers.source import source_named
from kb.awards.models import AwardEntry
from kb.database import session_scope
from kb.directory.models import RecordSource
from kb.records import service
from kb.records.identity import name_key
from kb.records.models import Record, RecordRevision
from web import award_shelf, listings

pytestmark = pytest.mark.data

LEVELS = {
    "submission": "not-stated",
    "finalist": "finalist",
    "honorable mention": "honourable-mention",
    "winner!": "winner",
}


@pytest.fixture
def listing(data_dir: Callable[[str], Path]) -> Path:
    return data_dir("pop/content.json")


def crawl(listing: Path) -> RunReport:
    source = source_named("pop-datasets")
    return run(source, pages_from(listing, source))


def test_the_whole_listing(store: Path, listing: Path) -> None:
    items: list[dict[str, Any]] = json.loads(listing.read_text("utf-8"))
    report = crawl(listing)
    counts = report.counts
    assert report.failures == []
    assert counts["broken"] == 0, report.as_text()
    assert counts["new"] + counts["joined"] == len(items)
    with session_scope() as session:
        linked = session.exec(select(RecordSource.external_id)).all()
        assert len(set(linked)) == len(items)
        assert session.exec(select(func.count()).select_from(Record)).one() == counts["new"]
        levels = Counter(session.exec(select(AwardEntry.level)).all())
        assert set(session.exec(select(Record.state)).all()) == {"published-unverified"}
    entries = [item for item in items if item["resource_type"] in ("pdf", "docx")]
    assert levels == Counter(LEVELS[item["description"].casefold()] for item in entries)
    _check_joined(report, entries)
    _check_records()
    _check_shelf(entries)

    again = crawl(listing)
    assert again.counts["same"] == len(items)
    with session_scope() as session:
        revisions = session.exec(select(func.count()).select_from(RecordRevision)).one()
    assert revisions == len(items)


def _check_joined(report: RunReport, entries: list[dict[str, Any]]) -> None:
    """Each joined record holds as many award rows as the listing has entries of that project."""
    named = Counter((name_key(item["title"]), item["agency"]) for item in entries)
    twice = {title: count for (title, _), count in named.items() if count > 1}
    with session_scope() as session:
        for title, record_id in report.joined:
            content = service.get(session, record_id).content
            assert len(content.awards) == twice[name_key(title)], title
    assert len(report.joined) == sum(count - 1 for count in twice.values())


def _check_shelf(entries: list[dict[str, Any]]) -> None:
    """What is browsed by scheme and year has, year by year, as many of each level as the file."""
    asked = Counter(
        (int(item["resource_year"]), LEVELS[item["description"].casefold()]) for item in entries
    )
    levels = Counter(level for _, level in asked.elements())
    with session_scope() as session:
        found = award_shelf.standings(session)
        named = listings.rounds(session)
    rounds = award_shelf.rounds(found)
    assert named == [(one.scheme, one.year) for one in rounds]
    assert Counter((one.year, one.level) for one in found) == asked
    browsed = {(one.year, level): count for one in rounds for level, count in one.levels.items()}
    assert browsed == asked, "the page of a scheme counts the same"
    assert Counter((one.scheme, one.year) for one in found) == {
        (one.scheme, one.year): one.entries for one in rounds
    }
    years = award_shelf.by_year(found)
    assert sum(trend.entries for trend in years) == levels.total()
    assert sum(trend.winners for trend in years) == levels["winner"]


def _check_records() -> None:
    with session_scope() as session:
        records = [item.content for item in service.load(session, service.stamps(session))]
    entries = [item for item in records if item.record_type == "award-entry"]
    guides = [item for item in records if item.record_type == "guide"]
    assert len(guides) == 111
    assert all(guide.authors and guide.published_on for guide in guides)
    assert all(entry.partners and entry.place and entry.place.country for entry in entries)
    assert not any(entry.started for entry in entries), "an award's year is not the start"
    assert {row.scheme for entry in entries for row in entry.awards} == {"goldstein"}
    assert all(0 < len(item.summary.split()) <= 100 for item in records)
    assert not any("  " in item.title for item in records)
    middles = [entry for entry in entries if entry.place and entry.place.latitude == 55.38]
    assert middles == [], "the middle of a country is not a place"
    assert sum(bool(item.codes("problem_types")) for item in records) >= 0.45 * len(records)
