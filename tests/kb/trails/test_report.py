"""The report of a trail, and its files."""

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import rispy
from sqlmodel import Session

from kb.database import session_scope
from kb.records import service as records
from kb.settings import settings
from kb.trails import recorder, rerun, service, steps
from kb.trails.report import report
from kb.trails.report_files import FORMATS
from kb.trails.rerun import Found
from kb.trails.shown import HIDDEN
from tests.conftest import need
from tests.kb.trails.viewers import ANN, GUEST, file_of, run_search


@pytest.fixture
def told(session: Session) -> str:
    """A trail that went through all five steps."""
    brief = {
        "question": "What stops burglary through back alleys?",
        "problem_types": ["burglary-dwelling"],
        "not_wanted": ["CCTV"],
    }
    trail = service.open_trail(session, ANN, "Back alleys", brief)
    talk = {"who": "Sam of Leeds", "contact": "sam@example.org", "lead": "Visit Leeds"}
    steps.set_talk(session, trail, ANN, talk)
    steps.start_broad(session, trail, ANN, {"engine": "A search engine", "query": "alley gates"})
    steps.set_source(session, trail, ANN, "trip", "nothing", step={"query": "gating"})
    step = {"query": "alley gating", "hits_seen": 1204}
    steps.set_source(session, trail, ANN, "participedia", "done", step=step)
    run_search(
        session, trail, "gates", ["gates", "lamps"], filters=[("stage", "evaluated-locally")]
    )
    run_search(session, trail, "gates keys", ["gates"])
    run_search(session, trail, "moats", [])
    recorder.note_opened(session, trail, ANN, "gates")
    finding = {"record": "gates", "useful": "key", "why": ["same-problem"], "note": "=cmd|' /C'!A0"}
    steps.set_result(session, trail, ANN, finding)
    page = {"url": "https://example.org/a;b", "title": "Gating guide", "useful": "background"}
    steps.set_result(session, trail, ANN, page)
    poor = {"record": "lamps", "useful": "not-useful", "why": ["wrong-context"], "note": "Rural"}
    steps.set_result(session, trail, ANN, poor)
    steps.set_comparison(session, trail, ANN, {"records": ["gates", "lamps"], "title": "Which?"})
    steps.note_dead_end(session, trail, ANN, {"what": "The old forum", "why": "closed"})
    rerun.rerun(session, trail, ANN, lambda _: Found(["gates", "lamps", "wardens"]))
    closing = {"answer": "Gates with keys", "gaps": "No costs found", "decision": "Pilot"}
    service.close(session, trail, ANN, closing)
    return trail


def test_the_report_tells_question_method_findings_and_gaps(session: Session, told: str) -> None:
    found = report(session, told, ANN)
    assert [title for title, _ in found.sections] == [
        "Question",
        "Conclusion",
        "Method, step by step",
        "How the searching was done (PRISMA-S items)",
        "What was found",
        "What was rejected and why",
        "Comparisons",
        "Contacts",
        "Gaps",
        "References",
    ]
    items = {item.title: item for _, group in found.sections for item in group}
    numbered = [title.split(":")[0] for title in items if title.startswith("Item ")]
    assert numbered == [f"Item {number}" for number in (1, 8, 9, 12, 13, 15, 16)]
    assert f"{settings().site_name}: gates -CCTV [stage: evaluated-locally]" in (
        items["Item 8: searches as run"].lines
    )
    assert "CCTV" in items["Item 9: limits"].text
    assert "3 searches run again, 6 new" in items["Item 12: updates"].text
    assert "Participedia: 1,204" in items["Item 15: total records"].lines
    assert "9 results, which are 3 records" in items["Item 16: deduplication"].text
    assert "How useful: Key" in items["Alley gates in Marsh Lane"].lines
    assert items["Looked at and put aside"].rows == [
        ["Street lamps in Harbour Road", "Wrong context", "Rural"]
    ]
    assert items["What is still missing"].text == "No costs found"
    assert items["Leads not yet followed"].lines == ["Visit Leeds"]
    assert ["Sam of Leeds", "sam@example.org", "Asked in this search"] in (
        items["Who can help"].rows
    )
    ends = [row[0] for row in items["Dead ends"].rows]
    assert ends[:2] == ["The old forum", "gating"]
    assert "Not reported" in str(items["Which?"].rows)
    assert len(items["Sources of what was found"].lines) == 2


def test_an_empty_trail_has_a_report_too(session: Session) -> None:
    found = report(session, service.open_trail(session, ANN), ANN)
    assert found.title == "Search for good practice"
    for made in FORMATS.values():
        assert isinstance(made.write(found), bytes)


def test_the_report_names_no_record_that_is_not_public(session: Session, told: str) -> None:
    records.set_state(session, "gates", "withdrawn", actor="a")
    records.set_state(session, "lamps", "published", actor="a", restricted=True)
    found = report(session, told, ANN)
    assert HIDDEN in FORMATS["markdown"].write(found).decode()
    for name, made in FORMATS.items():
        data = made.write(found)
        if name == "docx":
            paragraphs = docx.Document(io.BytesIO(data)).element.xpath("//w:t")
            data = " ".join(node.text for node in paragraphs).encode()
        for secret in (b"Marsh Lane", b"Harbour Road", b"record:gates"):
            assert secret not in data, name


def test_files_of_a_report_read_back(session: Session, told: str) -> None:
    found = report(session, told, ANN)
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"].write(found).decode("utf-8-sig"))))
    assert [row["useful"] for row in rows] == ["Key", "Background", "Not useful"]
    assert rows[0]["note"] == "'=cmd|' /C'!A0"  # no spreadsheet program runs it
    entries = rispy.loads(FORMATS["ris"].write(found).decode())
    assert [entry["type_of_reference"] for entry in entries] == ["RPRT", "ELEC"]
    assert entries[1]["urls"] == ["https://example.org/a%3Bb"]
    data = json.loads(FORMATS["json"].write(found))
    assert data["title"] == "Back alleys"
    text = FORMATS["markdown"].write(found).decode()
    assert "# Back alleys" in text
    assert r"=cmd\|" in text


def test_the_word_file_has_headings_and_marked_tables(session: Session, told: str) -> None:
    document = docx.Document(file_of(report(session, told, ANN), "docx"))
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings[0] == "Back alleys"
    assert "What was rejected and why" in headings
    assert document.tables
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)
    assert document.core_properties.title == "Back alleys"


def test_the_word_file_opens_in_libreoffice(session: Session, told: str, tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    need(office is not None, "LibreOffice is not installed (package libreoffice-writer)")
    assert office is not None
    path = tmp_path / "report.docx"
    path.write_bytes(FORMATS["docx"].write(report(session, told, ANN)))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "txt:Text (encoded):UTF8"]
    done = subprocess.run(
        [*command, "--outdir", str(tmp_path), str(path)],
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )
    converted = tmp_path / "report.txt"
    assert converted.exists(), done.stderr
    text = converted.read_text("utf-8-sig")
    for wanted in ("Back alleys", "Gates with keys", "Item 16: deduplication", "Gating guide"):
        assert wanted in text


def test_the_command_shows_and_exports(
    store: Path, run_kb: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    with session_scope(write=True) as opened:
        trail = service.open_trail(opened, GUEST, "Bikes")
    assert "# Bikes" in run_kb("trail", "show", trail).stdout
    assert json.loads(run_kb("trail", "show", trail, "--json").stdout)[0]["kind"] == "opened"
    out = tmp_path / "bikes.docx"
    assert run_kb("trail", "export", trail, "--out", str(out)).returncode == 0
    assert docx.Document(str(out)).paragraphs[0].text == "Bikes"
    assert "record" in run_kb("trail", "export", trail, "--format", "csv").stdout
    missing = run_kb("trail", "show", "none")
    assert (missing.returncode, "no trail" in missing.stderr) == (1, True)
    assert run_kb("trail", "export", trail, "--format", "odt").returncode == 2
