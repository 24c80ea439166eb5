"""Five sites crawled end to end over real HTTP: exact records, second runs, kills and traps."""

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from crawlers.extract import extract_page
from crawlers.fetch import Fetcher
from crawlers.kept_pages import PageStore
from crawlers.live import crawl
from crawlers.run_report import RunReport
from kb import jobs
from kb.database import session_scope
from kb.directory.models import RecordSource, Source, SourceRun
from kb.jobs import Job
from kb.records.models import Record, RecordRevision
from kb.settings import settings
from tests.crawlers.five_sites import (
    CAMPBELL,
    GUIDES,
    HOWARD,
    LGA,
    SCOTLAND,
    TOPIC,
    TRAPS,
    five_sites,
    led_to,
    lga_page,
)
from tests.crawlers.local_kb import local_kb
from tests.crawlers.site import Answer, Route, Site, html

EXPECTED = Path(__file__).with_name("five_sites.expected.json")


@pytest.fixture
def sites() -> Iterator[dict[str, Site]]:
    with five_sites() as served:
        yield served


@pytest.fixture
def may_ask(store: Path, sites: dict[str, Site], monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings under which the crawler may ask the five, with little patience for traps."""
    for name, value in {
        "contact": "crawl@example.org",
        "allow": ",".join(site.host for site in sites.values()),
        "delay": "0",
        "megabytes": "1.5",
        "seconds": "2",
    }.items():
        monkeypatch.setenv(f"KB_CRAWLER_{name.upper()}", value)
    settings.cache_clear()


@pytest.fixture
def run_all(may_ask: None, sites: dict[str, Site]) -> Callable[[], dict[str, RunReport]]:
    def run() -> dict[str, RunReport]:
        waits: list[float] = []
        pages = PageStore()
        with Fetcher(pages, sleep=waits.append) as fetcher:
            return {
                name: crawl(led_to(name, site.url(""))(), fetcher=fetcher, store=pages)
                for name, site in sites.items()
            }

    return run


def records(sites: dict[str, Site]) -> list[dict[str, Any]]:
    """Every record with its state, in the order of their ids; sites go by the names of sources."""
    with session_scope() as session:
        rows = session.exec(select(Record).order_by(col(Record.title), col(Record.id))).all()
        told = [{"id": row.id, "state": row.state, **row.content} for row in rows]
    text = json.dumps(told, ensure_ascii=False)
    for name, site in sites.items():
        text = text.replace(site.host, name)
    found: list[dict[str, Any]] = json.loads(text)
    for record in found:
        # Ids are made from addresses, ports included; what is suggested is tested by itself.
        del record["id"], record["suggested_tags"]
        for row in record["provenance"]:
            del row["captured_on"]
    return found


def revisions(session: Session) -> int:
    return len(session.exec(select(RecordRevision.version)).all())


def missed(report: RunReport, site: Site) -> dict[str, str]:
    return {
        item.name.replace(site.url(""), ""): item.reason
        for item in report.problems
        if item.kind in ("missed", "page")
    }


def test_five_sites_give_exactly_what_is_expected_and_once(
    sites: dict[str, Site], run_all: Callable[[], dict[str, RunReport]]
) -> None:
    reports = run_all()
    assert {report.outcome for report in reports.values()} == {"done"}
    found = records(sites)
    if not EXPECTED.exists():
        EXPECTED.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
        pytest.fail(f"{EXPECTED} was missing and is written now: review and commit it")
    assert found == json.loads(EXPECTED.read_text("utf-8"))

    # Every trap and failure is named, and the run went on to the end.
    told = missed(reports[GUIDES], sites[GUIDES])
    for name, (_, kind, words) in TRAPS.items():
        reason = told.pop(f"/problems/{name}/summary")
        assert reason.startswith(f"{kind}: "), (name, reason)
        assert words in reason, (name, reason)
    assert [reason.partition(":")[0] for reason in told.values()] == ["refused by robots"]
    assert "/problems/files/kennels.pdf" not in sites[GUIDES].paths()
    lga = missed(reports[LGA], sites[LGA])
    counted = reports[LGA].counts
    assert (counted["refused"], counted["blocked"], counted["layout"]) == (1, 1, 1)
    assert {
        path.partition("?page=")[2][:1]: reason.partition(":")[0] for path, reason in lga.items()
    } == {"4": "refused by robots", "5": "blocked", "6": "gone", "7": lga_changed(lga)}
    (down,) = missed(reports[CAMPBELL], sites[CAMPBELL]).values()
    assert down.startswith("site failed: ")
    assert sites[CAMPBELL].counts()["/better-evidence.html?start=20"] == 3

    # Manners: nothing that robots.txt forbids, one thing at a time, robots.txt once.
    for name, site in sites.items():
        assert site.counts()["/robots.txt"] == 1
        # A trap that was left goes on sending for a while.
        assert site.most_at_once == 1 or name == GUIDES
    assert f"/case-studies?page=4&{TOPIC}" not in sites[LGA].counts()

    check_second_run(sites, run_all, found)
    check_document(sites[SCOTLAND])


def lga_changed(told: dict[str, str]) -> str:
    (reason,) = (text.partition(":")[0] for path, text in told.items() if "page=7" in path)
    assert "Your search returned" in " ".join(told.values())
    return reason


def check_second_run(
    sites: dict[str, Site],
    run_all: Callable[[], dict[str, RunReport]],
    before: list[dict[str, Any]],
) -> None:
    """It changes nothing, and asks for pages that were kept only on condition that they changed."""
    with session_scope() as session:
        versions = revisions(session)
    asked = {name: len(site.asked) for name, site in sites.items()}
    for name, report in run_all().items():
        counts = {word: count for word, count in report.counts.items() if count}
        stood_in_the_way = {"refused", "blocked", "layout"}
        assert set(counts) - stood_in_the_way <= {"found", "same", "repeated"}, (name, counts)
    assert records(sites) == before
    with session_scope() as session:
        assert revisions(session) == versions
    conditions: Counter[str] = Counter()
    for name, site in sites.items():
        for path, headers in site.asked[asked[name] :]:
            if "if-none-match" in headers:
                conditions[f"{name} {headers['if-none-match']}"] += 1
            if "if-modified-since" in headers:
                conditions[f"{name} {path} {headers['if-modified-since']}"] += 1
    assert conditions == {
        f'{LGA} "front"': 1,
        f"{LGA} /case-studies?page=1&{TOPIC} Thu, 01 Oct 2026 10:00:00 GMT": 1,
        f'{LGA} W/"two"': 1,
        f'{LGA} "three"': 1,
        f'{HOWARD} "2015"': 1,
        f'{HOWARD} "2018"': 1,
        f'{HOWARD} "2020"': 1,
        f'{HOWARD} "2021"': 1,
        f'{CAMPBELL} "1"': 1,
        f'{CAMPBELL} "2"': 1,
        f'{GUIDES} "front"': 1,
        f'{GUIDES} "sheds"': 1,
        f'{GUIDES} "t"': 1,
        f'{GUIDES} "kennels"': 1,
        f"{SCOTLAND} /publications-overview/scsn-reports/ Fri, 02 Oct 2026 10:00:00 GMT": 1,
    }


def check_document(site: Site) -> None:
    """The PDF that a record names is read."""
    with Fetcher() as fetcher:
        found = extract_page(fetcher.page(site.url("/uploads/water.pdf")))
    assert "Lamps stand by the quay." in found.text


# --- killed runs: kill -9 at the moment when the site is asked for a page


class Cases:
    """The list of cases alone, plain: it kills who asks for some of its pages, once each."""

    paths = tuple(f"/case-studies?{page}{TOPIC}" for page in ("", "page=1&", "page=2&", "page=3&"))

    def __init__(self, site: Site, *, killed_at: tuple[int, ...]) -> None:
        self.site, self.victim = site, 0
        self._deadly = {self.paths[number] for number in killed_at}
        links = "".join(f'<a href="{path}">next</a>' for path in self.paths)
        for number, path in enumerate(self.paths):
            site.routes[path] = self._route(path, lga_page(number, more=links))

    def _route(self, path: str, body: str) -> Route:
        def answer(*_: object) -> Answer:
            if path in self._deadly:
                self._deadly.remove(path)
                os.kill(self.victim, signal.SIGKILL)
            return html(body)

        return answer

    def check(self) -> None:
        """Every record is there once, and only a page whose answer was never read was asked again.

        The pages 4 to 7 that the list leads to are not there.
        """
        with session_scope() as session:
            rows = session.exec(select(Record)).all()
            assert sorted(row.title for row in rows) == [
                f"Northmarsh Council: quiet street {page}.{n}"
                for page in range(4)
                for n in range(3)
            ]
            assert {row.version for row in rows} == {1}
            assert len(session.exec(select(RecordSource)).all()) == 12
            assert revisions(session) == 12
        assert not self._deadly
        asked = self.site.counts()
        assert [asked[path] for path in self.paths] == [1, 2, 1, 2]


def outcomes() -> list[tuple[str, str]]:
    with session_scope() as session:
        return [(run.how, run.outcome) for run in session.exec(select(SourceRun))]


@pytest.fixture
def nothing_due(store: Path) -> None:
    """No source but one, and nothing of it on a schedule: a worker asks no site of the world."""
    with session_scope(write=True) as session:
        for row in session.exec(select(Source)):
            row.entry = {}
            session.add(row) if row.id == LGA else session.delete(row)


@pytest.mark.usefixtures("nothing_due")
def test_killed_crawls_and_workers_go_on_where_they_were(store: Path, site: Site) -> None:
    cases = Cases(site, killed_at=(1, 3))
    with local_kb(store, {LGA: site}) as kb:
        # A crawl that somebody started is killed; a worker that takes it over is killed as well.
        cases.victim = kb.start("crawl", LGA)
        assert kb.wait() == -signal.SIGKILL
        with session_scope(write=True) as session:
            assert 0 < len(session.exec(select(Record)).all()) < 12
            job = jobs.enqueue(session, "crawl.run", {"source": LGA}, key=LGA)
        cases.victim = kb.start("worker")
        assert kb.wait() == -signal.SIGKILL
        assert state_of(job) == "queued"
        last = kb.start("worker")
        wait_until(lambda: state_of(job) != "queued")
        os.kill(last, signal.SIGTERM)
        assert kb.wait() == 0
    assert state_of(job) == "done"
    assert outcomes() == [("live", "interrupted"), ("live", "interrupted"), ("live", "done")]
    cases.check()


def state_of(job: Job) -> str:
    with session_scope() as session:
        return session.get_one(Job, job.id).state


def wait_until(true: Callable[[], bool]) -> None:
    waited = threading.Event()
    for _ in range(600):
        if true():
            return
        waited.wait(0.1)
    pytest.fail("it did not happen within a minute")


# --- sites that cannot be crawled at all


@pytest.mark.parametrize(
    ("robots", "words"),
    [
        (Answer(b"", 503), "status 503"),
        (Answer(iter(lambda: b"Disallow: /x\n" * 4000, b"")), "bytes"),
        (Answer(b"", 302, {"Location": "http://192.168.0.1/robots.txt"}), "private address"),
    ],
    ids=["503", "endless", "private"],
)
def test_without_a_readable_robots_txt_nothing_is_asked(
    may_ask: None, sites: dict[str, Site], robots: Answer, words: str
) -> None:
    site = sites[SCOTLAND]
    site.routes["/robots.txt"] = robots
    pages = PageStore()
    with Fetcher(pages, sleep=lambda _: None) as fetcher:
        report = crawl(led_to(SCOTLAND, site.url(""))(), fetcher=fetcher, store=pages)
    assert report.outcome == "failed"
    (reason,) = missed(report, site).values()
    assert reason.startswith(("refused by robots: ", "address refused: "))
    assert words in reason
    assert site.paths() == []
