"""Links over real HTTP: how each is told, when one is flagged, and taking over a moved address."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlmodel import select

from crawlers.archives import Archive
from crawlers.fetch import Fetcher
from crawlers.link_check import check, look_at, seek_copies
from kb.audit import AuditEntry
from kb.database import now, session_scope
from kb.directory import link_report, links
from kb.directory.links import Look
from kb.records import service
from kb.settings import settings
from tests.crawlers.site import Answer, Site, html
from tests.factories import practice

GONE = "https://gone.example.org/page"
NOWHERE = "https://gone.example.org/nowhere"


def put(url: str) -> str:
    content = practice(
        references=[{"citation": "A report", "url": url}], website="https://other.example.org/"
    )
    with session_scope(write=True) as session:
        saved = service.save(session, content, door="file", actor="a test", state="published")
        return saved.id


def noted(url: str, look: Look, *, days_ago: float = 0) -> links.LinkCheck:
    with session_scope(write=True) as session:
        row = links.note(session, url, look)
        if days_ago:
            moment = now() - timedelta(days=days_ago)
            row.checked_at = moment
            row.failed_first = row.failed_first and moment
            row.answered_at = row.answered_at and moment
            session.add(row)
        return row


@pytest.mark.parametrize(
    ("path", "answer", "state"),
    [
        ("/fine", html("<title>Alley gates</title><p>Fine</p>"), "ok"),
        ("/soft", html("<title>Page not found | Council</title><p>Sorry</p>"), "soft-404"),
        ("/away", Answer(b"", 404), "gone"),
        ("/gone", Answer(b"", 410), "gone"),
        ("/shut", Answer(b"", 403), "blocked"),
        ("/moved", Answer(b"", 301, {"Location": "/fine"}), "moved"),
        ("/old", Answer(b"", 302, {"Location": "/"}), "soft-404"),
        ("/round", Answer(b"", 302, {"Location": "/round"}), "gone"),
        ("/private", html("<p>x</p>"), "blocked"),
    ],
)
def test_what_a_look_tells(
    site: Site, new_fetcher: Callable[..., Fetcher], path: str, answer: Answer, state: str
) -> None:
    site.routes |= {
        "/fine": html("<title>Alley gates</title>"),
        "/": html("<title>Council</title>"),
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private"),
        path: answer,
    }
    for tells_heads in (True, False):
        site.tells_heads = tells_heads
        look = look_at(new_fetcher(store=None), site.url(path))
        assert look.state == state
        assert look.moved_to == (site.url("/fine") if state == "moved" else "")


def test_of_a_document_only_the_heads_are_asked_for(
    site: Site, new_fetcher: Callable[..., Fetcher]
) -> None:
    def report(day: int) -> Answer:
        heads = {"Content-Type": "application/pdf", "Last-Modified": f"Fri, 0{day} Oct 2026"}
        return Answer(b"%PDF-", headers=heads)

    site.tells_heads = True
    site.routes["/report.pdf"] = report(1)
    fetcher = new_fetcher(store=None)
    first, again = (look_at(fetcher, site.url("/report.pdf")) for _ in range(2))
    assert first.state == "ok"
    assert first.content_hash == again.content_hash != ""
    site.routes["/report.pdf"] = report(2)
    assert look_at(fetcher, site.url("/report.pdf")).content_hash != first.content_hash
    assert site.heads == ["/report.pdf"] * 3
    assert site.paths() == []
    # A site that does not answer that is asked for the file.
    site.tells_heads = False
    assert look_at(fetcher, site.url("/report.pdf")).state == "ok"
    assert site.paths() == ["/report.pdf"]


def test_marks_of_different_kinds_tell_no_change(store: Path) -> None:
    noted(GONE, Look("ok", content_hash="head:a"))
    assert noted(GONE, Look("ok", content_hash="b")).state == "ok"
    assert noted(GONE, Look("ok", content_hash="c")).state == "changed"


def flag(url: str) -> None:
    noted(url, Look("gone", "404"), days_ago=3)
    assert noted(url, Look("gone", "404")).flagged


@pytest.mark.usefixtures("store")
def test_a_copy_of_what_is_gone_is_sought_once_and_shown(
    site: Site, new_fetcher: Callable[..., Fetcher]
) -> None:
    base = site.url("/archive")
    archive = Archive(
        id="archive",
        name="The archive",
        cdx=f"{base}/cdx?url={{url}}&output=json",
        timemap=f"{base}/timemap/{{url}}",
        timegate=f"{base}/gate/{{url}}",
        memento=f"{base}/{{stamp}}/{{url}}",
        raw=f"{base}/{{stamp}}id_/{{url}}",
    )
    put(GONE)
    put(NOWHERE)
    flag(GONE)
    flag(NOWHERE)
    asked = {
        url: f"/archive/cdx?url={quote(url, safe='')}&output=json&limit=10000"
        for url in (GONE, NOWHERE)
    }
    line = {"urlkey": "k", "timestamp": "20190304050607", "url": GONE, "status": "200"}
    site.routes[asked[GONE]] = Answer(b"", 503, {"Retry-After": "86400"})
    site.routes[asked[NOWHERE]] = Answer(b"[]")
    fetcher = new_fetcher(store=None)
    # An archive that is busy is asked again another day, and says nothing of what it has.
    assert seek_copies(fetcher, archives=[archive]) == 0
    assert troubles()[GONE].archive.startswith("https://web.archive.org/web/2")

    site.routes[asked[GONE]] = Answer(json.dumps(line).encode())
    shutil.rmtree(settings().home / "turns")  # as if the day had passed
    fetcher = new_fetcher(store=None)
    assert seek_copies(fetcher, archives=[archive]) == 1
    found = troubles()
    assert found[GONE].archive == f"{base}/20190304050607/{GONE}"
    assert found[GONE].copied_at == datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert found[NOWHERE].archive == ""
    before = len(site.asked)
    assert seek_copies(fetcher, archives=[archive]) == 0
    assert len(site.asked) == before


def troubles() -> dict[str, link_report.Trouble]:
    with session_scope() as session:
        return {one.url: one for one in link_report.report(session).troubles[""]}


def test_a_link_is_flagged_when_it_fails_again_days_later(store: Path) -> None:
    assert not noted(GONE, Look("gone", "404")).flagged
    assert not noted(GONE, Look("gone", "404")).flagged  # the same day tells nothing new
    noted(GONE, Look("gone", "404"), days_ago=3)
    assert noted(GONE, Look("blocked", "403")).flagged
    cleared = noted(GONE, Look("ok", content_hash="a"))
    assert not cleared.flagged
    assert cleared.failed_first is None
    with session_scope() as session:
        actions = session.exec(select(AuditEntry.action).where(AuditEntry.subject_id == GONE))
        assert list(actions) == ["link.flagged", "link.cleared"]


def test_a_page_whose_words_changed_is_told(store: Path) -> None:
    noted(GONE, Look("ok", content_hash="a"))
    assert noted(GONE, Look("ok", content_hash="a")).state == "ok"
    assert noted(GONE, Look("ok", content_hash="b")).state == "changed"
    assert noted(GONE, Look("ok", content_hash="b")).state == "ok"


def test_what_is_due(store: Path) -> None:
    put(GONE)

    def due() -> bool:
        with session_scope() as session:
            return GONE in links.due(session, days=30, most=10_000)

    assert due()
    noted(GONE, Look("ok"))
    assert not due()
    noted(GONE, Look("ok"), days_ago=31)
    assert due()
    noted(GONE, Look("gone"), days_ago=3)
    assert due()  # so that a second failure can tell


def test_the_report_is_by_source_and_offers_a_copy(store: Path) -> None:
    record_id = put(GONE)
    noted(GONE, Look("gone", "404"), days_ago=3)
    noted(GONE, Look("gone", "404"))
    with session_scope() as session:
        report = link_report.report(session)
        assert list(links.flagged(session, [GONE, "https://else.example"])) == [GONE]
    [trouble] = report.troubles[""]
    assert trouble.archive == f"https://web.archive.org/web/2/{GONE}"
    assert [who.id for who in trouble.named_by] == [record_id]
    assert report.states["gone"] == 1
    with session_scope() as session:
        assert service.get(session, record_id).visible  # nothing dies with its source


def test_a_moved_address_is_taken_over_with_revision_and_audit(store: Path) -> None:
    record_id = put(GONE)
    noted(GONE, Look("moved", moved_to="https://new.example.org/page"))
    with session_scope(write=True) as session:
        before = service.get(session, record_id)
        assert links.take_move(session, GONE, actor="librarian") == 1
        after = service.get(session, record_id)
    assert after.content.references[0].url == "https://new.example.org/page"
    assert after.content.website == before.content.website
    assert (after.version, after.state) == (before.version + 1, before.state)
    with session_scope(write=True) as session:
        assert links.take_move(session, GONE, actor="librarian") == 0


def test_hosts_are_asked_in_turn(
    store: Path, site: Site, new_fetcher: Callable[..., Fetcher]
) -> None:
    site.routes |= {f"/{n}": html(f"<title>{n}</title>") for n in range(3)}
    counts = check([site.url(f"/{n}") for n in range(3)], fetcher=new_fetcher(store=None))
    assert counts == {"ok": 3}
    assert site.most_at_once == 1


def test_the_command_looks_and_reports(
    store: Path,
    site: Site,
    crawler_settings: Callable[..., None],
    run_kb: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    site.routes["/moved"] = Answer(b"", 301, {"Location": "/fine"})
    site.routes["/fine"] = html("<title>Fine</title>")
    record_id = put(site.url("/moved"))
    assert settings().crawler_contact
    done = run_kb("links", "check", "--url", site.url("/moved"), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["looked_at"] == {"moved": 1}
    [trouble] = found["by_source"][""]
    assert trouble["moved_to"] == site.url("/fine")
    assert trouble["named_by"] == [{"kind": "record", "id": record_id}]
    shown = run_kb("links", "report")
    assert f"now at {site.url('/fine')}" in shown.stdout
    unknown = run_kb("links", "check", "--url", "https://nobody.example/")
    assert unknown.returncode == 2
