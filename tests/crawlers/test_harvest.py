"""Harvests of a repository, one after the other, over real HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from crawlers.fetch import Fetcher
from crawlers.harvest import Harvest
from crawlers.harvested import Repository
from crawlers.kept_pages import PageStore
from crawlers.live import crawl, read_kept
from crawlers.run_report import RunReport
from kb.audit import AuditEntry
from kb.database import session_scope
from kb.directory import service as directory
from kb.directory.presence import silent
from kb.records.models import Record
from tests.crawlers.site import Answer, Site
from tests.crawlers.test_declared import declared
from tests.crawlers.test_live import Cases

HOWARD = Cases.id  # which the directory knows
NAMESPACE = "http://www.openarchives.org/OAI/2.0/"


@dataclass
class Held:
    """A record of the repository; one without a title was deleted."""

    day: date
    title: str = ""


@dataclass
class Library(dict[str, Any]):
    """Answers as a repository of OAI-PMH does, two records at a time; put in place of routes."""

    today: date = date(2026, 1, 1)
    granularity: str = "YYYY-MM-DD"
    deletions: str = "persistent"
    takes_since: bool = True
    held: dict[int, Held] = field(default_factory=dict)
    lost_tokens: int = 0
    """How many tokens more are taken for expired."""
    down: str = ""
    """Part of an address that is answered with a failure."""

    def tell(self, number: int, title: str = "") -> None:
        self.held[number] = Held(self.today, title)

    def get(self, path: str, default: Any = None) -> Any:
        asked = {name: held[0] for name, held in parse_qs(urlsplit(path).query).items()}
        if not path.startswith("/oai?"):
            return default
        if self.down and self.down in path:
            return Answer(b"", 500)
        return self._answer(self._body(asked))

    def _body(self, asked: dict[str, str]) -> str:
        if asked["verb"] == "Identify":
            return (
                f"<Identify><deletedRecord>{self.deletions}</deletedRecord>"
                f"<granularity>{self.granularity}</granularity></Identify>"
            )
        token = asked.get("resumptionToken", "")
        if token and self.lost_tokens:
            self.lost_tokens -= 1
            return '<error code="badResumptionToken">it has expired</error>'
        if "from" in asked and not self.takes_since:
            return '<error code="badArgument">no dates here</error>'
        since, _, start = token.partition("/") if token else (asked.get("from", ""), "", "0")
        found = [
            (number, one)
            for number, one in sorted(self.held.items())
            if one.day.isoformat() >= since[:10]
        ]
        if not found:
            return '<error code="noRecordsMatch"/>'
        at = int(start)
        following = f"{since}/{at + 2}" if at + 2 < len(found) else ""
        told = "".join(_record(number, one) for number, one in found[at : at + 2])
        return f"<ListRecords>{told}<resumptionToken>{following}</resumptionToken></ListRecords>"

    def _answer(self, body: str) -> Answer:
        return Answer(
            f'<OAI-PMH xmlns="{NAMESPACE}"><responseDate>{self.today}T12:00:00Z</responseDate>'
            f"<request>x</request>{body}</OAI-PMH>".encode(),
            headers={"Content-Type": "text/xml"},
        )


def _record(number: int, one: Held) -> str:
    status = "" if one.title else ' status="deleted"'
    metadata = (
        "<metadata><o:dc xmlns:o='http://www.openarchives.org/OAI/2.0/oai_dc/' "
        f"xmlns:d='http://purl.org/dc/elements/1.1/'><d:title>{one.title}</d:title>"
        f"<d:identifier>https://papers.example/{number}</d:identifier></o:dc></metadata>"
    )
    return (
        f"<record><header{status}><identifier>oai:x:{number}</identifier><datestamp>{one.day}"
        f"</datestamp></header>{metadata if one.title else ''}</record>"
    )


@pytest.fixture
def library(site: Site) -> Library:
    made = Library()
    site.routes = made
    for number in (1, 2, 3):
        made.tell(number, f"Paper {number}")
    made.today = date(2026, 3, 1)
    return made


@pytest.fixture
def source(site: Site, library: Library, tmp_path: Path) -> Repository:
    made = declared(
        tmp_path, items="oai", endpoint=site.url("/oai"), record={"record_type": "paper"}
    )
    assert isinstance(made, Repository)
    type(made).id = HOWARD
    return made


@pytest.fixture
def harvest(
    store: Path,
    crawler_settings: Callable[..., None],
    pages: PageStore,
    fetcher: Fetcher,
    source: Repository,
    site: Site,
) -> Callable[..., tuple[RunReport, list[str]]]:
    """Runs the source; gives the report, and what was asked of the repository by it."""

    def run(**changes: Any) -> tuple[RunReport, list[str]]:
        before = len(site.paths())
        report = crawl(source, fetcher=fetcher, store=pages, **changes)
        return report, [path.partition("verb=")[2] for path in site.paths()[before:]]

    return run


ALL = ["ListRecords&metadataPrefix=oai_dc", "ListRecords&resumptionToken=%2F2"]


def changes_since(moment: str) -> list[str]:
    return ["Identify", f"ListRecords&metadataPrefix=oai_dc&from={moment}"]


def titles() -> list[str]:
    with session_scope() as session:
        return sorted(session.exec(select(Record.title)).all())


def gone() -> dict[str, list[tuple[str, date]]]:
    with session_scope() as session:
        rows = session.exec(select(Record)).all()
        return {row.title: silent(session, row.id) for row in rows if silent(session, row.id)}


def test_after_the_first_harvest_only_changes_are_asked_for(
    harvest: Callable[..., Any], library: Library
) -> None:
    report, asked = harvest()
    assert (report.outcome, report.counts["new"], report.since) == ("done", 3, "")
    assert asked == ALL
    library.today = date(2026, 3, 20)
    library.tell(4, "Paper 4")
    library.tell(2)
    report, asked = harvest()
    assert report.outcome == "done", report.as_text()
    assert asked == changes_since("2026-02-28")
    assert (report.counts["new"], report.counts["gone"], report.counts["absent"]) == (1, 1, 0)
    assert "1 records found among what changed since 2026-02-28" in report.as_text()
    # Nothing is deleted because its source has deleted it.
    assert titles() == [f"Paper {number}" for number in (1, 2, 3, 4)]
    assert gone() == {"Paper 2": [("Howard League Community Awards", date(2026, 3, 20))]}
    library.today = date(2026, 3, 25)
    library.tell(2, "Paper 2")
    report, asked = harvest()
    assert asked == changes_since("2026-03-19")
    assert (report.counts["found"], report.counts["same"]) == (2, 2)
    assert gone() == {}
    with session_scope() as session:
        found = session.exec(
            select(AuditEntry.action).where(AuditEntry.action.startswith("record.source_s"))
        ).all()
    assert found == ["record.source_silent", "record.source_speaks"]


def test_nothing_new_is_no_failure_and_moves_the_date(
    harvest: Callable[..., Any], library: Library
) -> None:
    harvest()
    library.today = date(2026, 4, 1)
    library.held.clear()
    report, _ = harvest()
    assert (report.outcome, report.counts["found"], report.problems) == ("done", 0, [])
    assert harvest()[1] == changes_since("2026-03-31")


def test_dates_are_as_exact_as_the_repository_takes_them(
    harvest: Callable[..., Any], library: Library
) -> None:
    harvest()
    library.granularity = "YYYY-MM-DDThh:mm:ssZ"
    assert harvest()[1] == changes_since("2026-02-28T12%3A00%3A00Z")
    library.down = "Identify"
    assert harvest()[1][-1] == "ListRecords&metadataPrefix=oai_dc&from=2026-02-28"


def test_a_repository_that_takes_no_dates_is_read_whole(
    harvest: Callable[..., Any], library: Library
) -> None:
    harvest()
    library.takes_since = False
    report, asked = harvest()
    assert (report.outcome, report.since, report.counts["same"]) == ("done", "", 3)
    assert asked == changes_since("2026-02-28") + ALL


def test_everything_is_asked_for_when_that_is_wanted_or_the_entry_has_changed(
    harvest: Callable[..., Any], source: Repository
) -> None:
    harvest()
    assert harvest(full=True)[1] == ALL
    type(source).starts = (f"{source.starts[0]}&set=crime",)
    report, asked = harvest()
    assert asked[0] == "ListRecords&metadataPrefix=oai_dc&set=crime"
    assert report.since == ""


@pytest.mark.parametrize(("deletions", "since"), [("persistent", "2026-02-28"), ("no", "")])
def test_what_a_repository_forgets_is_seen_by_reading_it_whole_once_a_month(
    harvest: Callable[..., Any], library: Library, deletions: str, since: str
) -> None:
    library.deletions = deletions
    harvest()
    library.today += timedelta(days=31)
    del library.held[3]
    report, _ = harvest()
    assert report.since == since
    assert report.counts["absent"] == (not since)
    assert list(gone()) == (["Paper 3"] if not since else [])


def test_a_token_that_expires_on_the_way_begins_the_harvest_anew_once(
    harvest: Callable[..., Any], library: Library
) -> None:
    library.lost_tokens = 1
    report, asked = harvest()
    assert (report.outcome, report.counts["new"], report.counts["repeated"]) == ("done", 3, 2)
    assert asked == ALL + ALL
    library.lost_tokens = 2
    report, _ = harvest(full=True)
    assert report.outcome == "failed"
    assert "badResumptionToken" in report.as_text()
    assert harvest(full=True)[0].outcome == "done"


def test_a_harvest_that_breaks_off_fails_and_the_date_stays(
    harvest: Callable[..., Any], library: Library
) -> None:
    harvest()
    library.today = date(2026, 3, 9)
    for number in (4, 5, 6):
        library.tell(number, f"Paper {number}")
    library.down = "resumptionToken"
    report, _ = harvest()
    assert report.outcome == "failed"
    assert "The harvest broke off" in report.as_text()
    library.down = ""
    report, asked = harvest()
    assert asked[:2] == changes_since("2026-02-28")
    assert (report.outcome, len(titles())) == ("done", 6)


def test_a_harvest_that_was_killed_goes_on_and_with_full_begins_anew(
    harvest: Callable[..., Any],
    library: Library,
    source: Repository,
    fetcher: Fetcher,
    pages: PageStore,
) -> None:
    def killed() -> None:
        answers: Iterator[Any] = iter(Harvest(source, fetcher=fetcher, store=pages))
        next(answers)
        next(answers)

    killed()
    report, asked = harvest()
    assert (report.counts["new"], asked) == (3, [])
    library.today = date(2026, 3, 9)
    for number in (4, 5, 6):
        library.tell(number, f"Paper {number}")
    killed()
    library.today = date(2026, 4, 9)
    report, asked = harvest()
    assert (report.since, report.counts["new"], asked[:-1]) == ("2026-02-28", 3, [])
    # The harvest reached the moment at which it was begun.
    assert harvest()[1][:2] == changes_since("2026-03-08")
    library.tell(7, "Paper 7")
    library.tell(8, "Paper 8")
    library.tell(9, "Paper 9")
    killed()
    assert harvest(full=True)[1][0] == ALL[0]


def test_answers_in_a_circle_fail(
    harvest: Callable[..., Any], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = library._body({"verb": "ListRecords"})
    library._body = lambda asked: body  # type: ignore[method-assign]
    report, asked = harvest()
    assert report.outcome == "failed"
    assert "round in circles" in report.as_text()
    assert len(asked) == 2


def test_kept_answers_are_read_again_the_newest_first(
    harvest: Callable[..., Any],
    library: Library,
    source: Repository,
    pages: PageStore,
    site: Site,
) -> None:
    library.lost_tokens = 1
    harvest()
    library.today = date(2026, 3, 9)
    library.tell(1, "Paper 1, mended")
    library.tell(2)
    harvest()
    before = len(site.asked)
    report = read_kept(source, store=pages)
    assert report.outcome == "done", report.as_text()
    assert titles() == ["Paper 1, mended", "Paper 2", "Paper 3"]
    assert report.counts["changed"] == 0
    assert list(gone()) == ["Paper 2"]
    assert len(site.asked) == before


def test_the_log_of_runs_tells_what_was_asked_for(
    harvest: Callable[..., Any], library: Library
) -> None:
    from web.run_view import run_views

    harvest()
    harvest()
    with session_scope() as session:
        told = [run.how for run in run_views(directory.runs(session, HOWARD))]
    assert told == ["its site, what changed since 28 February 2026", "its site"]
