"""No text of a source leaves the store that its licence does not let pass."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlmodel import select
from starlette.testclient import TestClient

from crawlers.kept_pages import PageStore
from crawlers.page import Page
from crawlers.run import run
from crawlers.source import Finding, Source
from index.document import document
from kb.alerts import commands as alerts
from kb.backup import write_backup
from kb.cli import cli
from kb.database import session_scope
from kb.exports import exporters
from kb.exports.gate import indexable, open_content
from kb.records import Practice, service
from kb.records.models import Record, RecordRevision
from kb.settings import settings
from tests.factories import practice
from tests.web.conftest import the_app
from tests.web.people import mails, person, send, sign_in
from tests.web.test_saved_searches import make_due
from tests.web.test_trails import start
from tests.web.test_unsafe_routes import every_route

SECRET = "zebrafish"
MINE = "Lamps of the harbour steps are broken and people fall at night near the water."
TEXT = f"The original tells of the {SECRET} at length. " * 30


class Quoting(Source):
    """A source whose parser takes more than its licence allows."""

    title = "Quoting"
    publisher = "Body"
    country = "gb"
    home = "https://www.example.org/"
    language = "en"
    fewest, most = 1, 5
    fill_rates: dict[str, float] = {}

    def __init__(self, source_id: str, licence: str) -> None:
        self.__class__ = type("One", (Quoting,), {"id": source_id, "licence": licence})

    def records(self, page: Page) -> Iterator[Finding]:
        yield self.record(
            "one",
            {
                "record_type": "project",
                "title": "Harbour lights",
                "summary": f"About the {SECRET}.",
                "aspect_what": TEXT[:200],
                "problem_statement": TEXT[:400],
                "response_summary": TEXT[:400],
                "results": [{"outcome": "calls", "measure": TEXT[:100], "direction": "better"}],
                "problem_types": ["burglary"],
                "place": {"name": "Sampleton", "country": "gb"},
                "published_on": "2020",
                "licence": self.licence,
                "body": [{"heading": "All of it", "text": TEXT}],
                "sections_there": [f"The {SECRET}"],
                "provenance": self.origin(page, external_id="1", title="Harbour lights", read="x"),
            },
        )


def crawled(source_id: str, licence: str) -> Practice:
    page = Page("https://www.example.org/1", b"", "text/html", datetime.now(UTC))
    report = run(Quoting(source_id, licence), [page])
    assert report.counts["new"] == 1, report.as_text()
    with session_scope(write=True) as session:
        row = session.exec(select(Record)).one()
        row.state = "published"
        session.add(row)
        return service.get(session, row.id)


def holds(value: Any) -> bool:
    return SECRET in json.dumps(value, default=str)


def test_a_source_that_allows_no_summary_leaves_facts_and_the_link(store: Path) -> None:
    found = crawled("practice-bank", "non-derivative")
    with session_scope() as session:
        assert not any(holds(row.content) for row in session.exec(select(RecordRevision)))
        assert not any(holds(row.content) for row in session.exec(select(Record)))
    content = found.content
    assert content.title == "Harbour lights"
    assert content.problem_types == ["burglary"]
    assert content.place is not None
    assert content.place.name == "Sampleton"
    assert [row.direction for row in content.results] == ["better"]
    assert content.provenance[0].original_url == "https://www.example.org/1"
    assert "no summary" in content.summary


def test_the_licence_that_the_directory_declares_holds_whatever_the_page_says(
    store: Path,
) -> None:
    found = crawled("practice-bank", "ogl-3")
    assert not holds(found.content.model_dump())


def by_hand(licence: str) -> str:
    """A record whose text got into the store some other way than by a crawl."""
    content = practice(
        title=f"Harbour steps under {licence}",
        place={"name": licence, "country": "gb-eng"},
        licence=licence,
        body=[{"heading": "All of it", "text": TEXT}],
    )
    with session_scope(write=True) as session:
        first = service.save(session, content, door="file", actor="a test", state="published")
        again = content.model_copy(update={"id": first.id, "summary": "Our account, again."})
        service.save(session, again, door="file", actor="a test", state="published")
        return first.id


def words_in(data: bytes) -> str:
    """Everything that a file says; packed ones (docx, xlsx, a backup) part by part."""
    if not data.startswith(b"PK"):
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


OF_PEOPLE = re.compile(
    r"/(account|desk|contribute|contacts|unsubscribe)\b|/awards/(new|\{scheme_id\}/(edit|open|\{year))"
    r"|.*/(delete|name|share|shared|go|enter|tried|useful|tick|contact|files|file|judge|moderate"
    r"|certificates|entries|run|close|changes)\b"
)
"""Pages where people write what is theirs, or that only those see who look after the collection."""
OF_THE_SITE = re.compile(
    r"/(api/docs|api/v1/openapi.json|favicon.ico|healthz|metrics|robots.txt|opensearch.xml|assets"
    r"|accessibility|help|privacy|about|records)"
)


FILES = ("docx", "md", "csv")


def ways_out(ids: list[str]) -> list[str]:
    """Addresses at which anybody can read of these records."""
    endings = {one.extension for one in exporters().values()}
    assert {"docx", "md", "json", "csv", "xlsx", "ris", "bib", "yaml"} <= endings
    views = ("", "/history", "/history?from=1&to=2", "/since", *(f".{end}" for end in endings))
    oai = "/oai?metadataPrefix=oai_dc&verb="
    return [
        *(f"/records/{record_id}{view}" for record_id in ids for view in views),
        *(f"/api/v1/records/{record_id}{more}" for record_id in ids for more in ("", "/related")),
        *(f"/search/found.{end}?q=harbour" for end in endings),
        "/api/v1/records",
        "/api/v1/search?q=harbour",
        "/api/v1/suggest?q=harbour",
        "/search?q=harbour",
        "/search?q=harbour&group=1",
        f"/search?q={SECRET}",
        "/residents?q=harbour",
        "/problem-like-mine",
        "/feeds/search.atom?q=harbour",
        f"{oai}ListRecords",
        f"{oai}ListIdentifiers",
        *(f"{oai}GetRecord&identifier=oai:127.0.0.1:{record_id}" for record_id in ids),
        "/sitemap.xml",
        "/compare?" + "&".join(f"id={record_id}" for record_id in ids),
        "/sources",
        "/sources/practice-bank",
        "/browse",
        "/browse/source",
        "/browse/source.csv",
        "/gaps",
        "/people",
        "/awards",
        "/awards/tilley",
        "/",
    ]


def of_ones_own(client: TestClient, ids: list[str]) -> list[str]:
    """Addresses of a reading list and a trail of somebody who has met these records."""
    trail = start(client, into="harbour lights")
    assert client.get("/search?q=harbour").status_code == 200
    for record_id in ids:
        client.get(f"/records/{record_id}")
    steps = ("", "/clarify", "/talk", "/broad", "/targeted", "/results", "/report")
    several = "&".join(f"id={record_id}" for record_id in ids)
    added = send(client, f"/lists/add?{several}", {"name": "Mine"}, action="/lists/add")
    return [
        *(f"{trail}{step}" for step in steps),
        *(f"{trail}/report.{end}" for end in FILES),
        *(f"{added.url.path}/list.{end}" for end in FILES),
        f"/lists/add?{several}",
        added.url.path,
        "/lists",
        "/trails",
    ]


def test_no_text_leaves_the_store_by_any_way_out(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from index.sync import sync
    from web.running import run_search

    monkeypatch.setenv("KB_EMBEDDING_MODEL", "hash")
    settings.cache_clear()
    sync()
    app = the_app()
    visitor, client = (TestClient(app, base_url="http://127.0.0.1:8000") for _ in range(2))
    person("ann")
    sign_in(client)
    send(
        client,
        "/account/searches/new?q=harbour",
        {"name": "Harbours", "frequency": "daily"},
        button="Save",
    )
    ids = [crawled("practice-bank", "non-derivative").id]
    ids += [by_hand("all-rights"), by_hand("non-derivative")]
    sync()

    def judge(told: str, where: str) -> None:
        assert "original tells of the" not in told, where
        # Words that were sought are said again; the search for this one finds nothing else.
        sought = where == f"/search?q={SECRET}" and "sp-hit" not in told
        assert SECRET not in told or sought, where

    nothing_there = {f"/records/{one}/{view}" for one in ids for view in ("history", "since")}
    visited, telling = set(), set()
    # Whoever has a trail open is told in it what they have sought, so a visitor seeks it.
    for who, addresses in ((visitor, ways_out(ids)), (client, of_ones_own(client, ids))):
        for address in addresses:
            answer = who.get(address)
            visited.add(path := address.partition("?")[0])
            assert answer.status_code == 200 or path in nothing_there, address
            judge(told := words_in(answer.content), address)
            if "Harbour lights" in told or ids[0] in told:
                telling.add(re.sub(r"^/(lists|trails)/\w+", r"/\1/x", path))
    judge(
        send(client, "/problem-like-mine", {"text": MINE}, action="/problem-like-mine").text,
        "a problem like mine",
    )
    make_due()
    assert alerts.send_due(run_search).mails == 1
    digest = mails("digest")[0]
    judge(digest.text + digest.html, "a digest")
    judge(client.get("/account/searches").text, "saved searches")
    # They do tell of the records, else all this would prove nothing.
    assert "Harbour lights" in digest.text
    assert telling >= {
        *(f"/lists/x/list.{end}" for end in FILES),
        *("/trails/x/report.docx", "/trails/x/report.md"),
        *(f"/search/found.{end}" for end in ("json", "csv", "docx", "xlsx")),
        *("/oai", "/sitemap.xml", "/feeds/search.atom", "/search", "/residents", "/compare"),
        *("/api/v1/search", "/api/v1/suggest", "/api/v1/records"),
    }
    assert not any(holds([p.text for p in document(one).passages]) for one in practices(ids))
    unvisited = [
        route
        for method, route in every_route()
        if method == "GET"
        and not OF_PEOPLE.match(route)
        and not OF_THE_SITE.fullmatch(route)
        and not any(map(re.compile(_like(route)).fullmatch, visited))
    ]
    assert not unvisited, "visit these too, or say above why they tell of no record"


def _like(route: str) -> str:
    """A pattern for the addresses of a route, which may be one of the API."""
    return "(/api/v1)?" + re.sub(r"\{[^}]*\}", "[^/]+", route)


def practices(ids: list[str]) -> list[Practice]:
    with session_scope() as session:
        return [service.get(session, record_id) for record_id in ids]


def test_no_text_is_in_an_export_and_none_of_a_source_in_a_backup(
    store: Path, tmp_path: Path
) -> None:
    found = crawled("practice-bank", "non-derivative")
    PageStore().keep(
        "https://www.example.org/1",
        Page("https://www.example.org/1", TEXT.encode(), "text/html", datetime.now(UTC)),
    )
    write_backup(tmp_path / "backup.zip")
    told = words_in((tmp_path / "backup.zip").read_bytes())
    assert "Harbour lights" in told
    assert SECRET not in told
    assert "pages.sqlite" not in zipfile.ZipFile(tmp_path / "backup.zip").namelist()
    by_hand("all-rights")
    for name, exporter in exporters().items():
        file = tmp_path / f"all.{exporter.extension}"
        done = CliRunner().invoke(cli, ["export", "--format", name, "--out", str(file)])
        assert done.exit_code == 0, (name, done.output)
        text = words_in(file.read_bytes())
        assert found.content.title in text, name
        assert SECRET not in text, name


@pytest.mark.parametrize(
    ("source_id", "licence", "text_kept"),
    [
        ("crimesolutions", "public-domain", True),
        ("howard-league-community-awards", "all-rights", False),
        ("lga-case-studies", "unknown", False),
    ],
)
def test_whole_texts_are_kept_only_where_that_is_allowed(
    store: Path, source_id: str, licence: str, text_kept: bool
) -> None:
    found = crawled(source_id, licence)
    assert bool(found.content.body) is text_kept
    assert holds(found.content.summary)  # our own short account may be shown
    assert bool(open_content(found.content).body) is text_kept


@pytest.mark.parametrize(
    ("licence", "searched"), [("ogl-3", True), ("non-derivative", False), (None, False)]
)
def test_text_that_may_not_be_cut_into_passages_is_not_searched(
    store: Path, licence: str | None, searched: bool
) -> None:
    content = service.parse(
        {"title": "T", "licence": licence, "body": [{"heading": "H", "text": TEXT}]}
    )
    assert bool(indexable(content).body) is searched
