"""Documents handed in: read by the job, or refused with what to do next; nothing is left behind."""

import io
import zipfile
from pathlib import Path
from types import SimpleNamespace

import docx
import pytest
from sqlmodel import select

from crawlers.extract import extract
from crawlers.uploads import SAMPLE, get_ready
from kb import jobs
from kb.accounts import personal_data
from kb.database import session_scope
from kb.errors import FileUnreadable
from kb.imports import uploads
from kb.imports.uploads import Upload
from kb.settings import settings
from tests.crawlers.documents import made_pdf

STORY = """Gates for the alleys

Scanning
Residents complained for years that burglars came by the alleys behind their terraces.

Analysis
Police records showed that two burglaries in three began at the back door.

Response
The council and residents put lockable gates at both ends of twelve alleys.

Assessment
Burglary fell by a third compared with the year before. Write to jane.doe@sampleton.example.
"""


def handed_in(name: str, body: bytes, owner: str = "account-1") -> str:
    with session_scope(write=True) as session:
        return uploads.hand_in(session, owner=owner, file_name=name, stream=io.BytesIO(body))


def outcome(name: str, body: bytes) -> Upload:
    upload_id = handed_in(name, body)
    assert jobs.settle() == []
    with session_scope() as session:
        found = uploads.get(session, upload_id, owner="account-1")
    assert found is not None
    assert list((settings().home / "uploads").iterdir()) == []
    return found


def word_file(text: str) -> bytes:
    document = docx.Document()
    for line in text.split("\n"):
        if line.strip():
            short = len(line.split()) <= 4
            document.add_paragraph(line, style="Heading 1" if short else None)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def with_part(body: bytes, name: str, content: bytes) -> bytes:
    kept = io.BytesIO(body)
    with zipfile.ZipFile(kept, "a") as packed:
        packed.writestr(name, content)
    return kept.getvalue()


@pytest.mark.parametrize("form", ["story.txt", "story.docx"])
def test_a_document_becomes_a_draft_with_its_passages(store: Path, form: str) -> None:
    body = STORY.encode() if form.endswith("txt") else word_file(STORY)
    read = outcome(form, body)
    assert (read.state, read.code) == ("read", "")
    found = SimpleNamespace(**read.found)
    assert found.draft["title"] == "Gates for the alleys"
    assert "burglars came by the alleys" in found.draft["problem_statement"]
    assert "back door" in found.draft["analysis_findings"]
    assert found.draft["response_summary"].startswith("The council and residents")
    assert "fell by a third" in found.draft["assessment_summary"]
    assert found.passages["analysis_findings"]["found_by"] == "heading"
    assert found.passages["analysis_findings"]["confidence"] > 0.8
    assert found.sections["response"]["passage"] == "Response"
    problems = {tag["code"]: tag["ticked"] for tag in found.tags["problem_types"]}
    assert any("burglary" in code for code in problems)
    [contact] = found.contacts
    assert contact["personal"]
    assert "jane.doe" not in str({k: v for k, v in found.draft.items() if k == "contacts"})


PDF = made_pdf([[("Gates for the alleys", 12)]])


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("macro.docm", with_part(word_file(STORY), "word/vbaProject.bin", b"x"), "macros"),
        ("macro.docx", with_part(word_file(STORY), "word/vbaProject.bin", b"x"), "macros"),
        ("both.pdf", with_part(PDF, "word/x.xml", b"<x/>"), "polyglot"),
        ("both.docx", b"MZ head\n" + PDF, "polyglot"),
        ("not.pdf", STORY.encode(), "wrong-type"),
        ("not.docx", PDF, "wrong-type"),
        ("page.txt", b"<html><body><p>Words enough</p></body></html>", "wrong-type"),
        ("program.exe", STORY.encode(), "wrong-type"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "unsupported"),
        ("picture.png", b"\x89PNG\r\n" + bytes(100), "unsupported"),
        ("sheet.xlsx", with_part(b"", "xl/workbook.xml", b"<x/>"), "unsupported"),
        ("torn.docx", word_file(STORY)[:-200], "broken"),
        ("blank.txt", b" \n ", "no-text"),
    ],
)
def test_what_cannot_be_taken_is_refused_by_name(
    store: Path, name: str, body: bytes, code: str
) -> None:
    read = outcome(name, body)
    assert (read.state, read.code) == ("refused", code)
    assert read.reason.endswith(".")
    assert read.found == {}


def test_a_word_file_that_is_a_bomb_is_refused(store: Path) -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", bytes(310_000_000))
    read = outcome("bomb.docx", kept.getvalue())
    assert (read.state, read.code) == ("refused", "too-large")


@pytest.mark.data
def test_a_pdf_with_a_password_is_refused(store: Path, data_dir) -> None:  # type: ignore[no-untyped-def]
    folder = data_dir("web/pdf/pypdf/encryption")
    found = {outcome(file.name, file.read_bytes()).code for file in sorted(folder.glob("*.pdf"))}
    assert "password" in found


def test_too_large_or_empty_files_are_not_kept(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_UPLOAD_MEGABYTES", "0.001")
    settings.cache_clear()
    with pytest.raises(FileUnreadable, match="larger than"):
        handed_in("large.txt", bytes(1001))
    with pytest.raises(FileUnreadable, match="empty"):
        handed_in("empty.txt", b"")
    assert list((settings().home / "uploads").iterdir()) == []
    with session_scope() as session:
        assert session.exec(select(Upload)).all() == []


def test_what_a_worker_gets_ready_by_reading_holds_something_of_each_kind(store: Path) -> None:
    get_ready()
    found = extract("ready.txt", SAMPLE.encode())
    assert set(found.structure.sections) == {"scanning", "analysis", "response", "assessment"}
    assert all(found.structure.tags[name] for name in ("problem_types", "response_types"))
    facts = found.facts
    assert all((facts.costs, facts.dates, facts.places, facts.organisations))


def test_names_lead_nowhere_else(store: Path) -> None:
    upload_id = handed_in("..\\..\\etc/passwd.txt", STORY.encode())
    with session_scope() as session:
        row = session.get(Upload, upload_id)
    assert row is not None
    assert row.file_name == "passwd.txt"
    assert uploads.file_of(upload_id).parent == settings().home / "uploads"


def test_only_its_owner_sees_or_drops_an_upload(store: Path) -> None:
    upload_id = handed_in("story.txt", STORY.encode())
    with session_scope(write=True) as session:
        assert uploads.get(session, upload_id, owner="account-2") is None
        uploads.forget(session, upload_id, owner="account-2")
        assert uploads.get(session, upload_id, owner="account-1") is not None
        uploads.forget(session, upload_id, owner="account-1")
    with session_scope() as session:
        assert session.get(Upload, upload_id) is None
    assert not uploads.file_of(upload_id).exists()
    assert jobs.settle() == []  # the job of a dropped upload has nothing to do


def test_a_lost_file_is_said_and_a_job_run_twice_changes_nothing(store: Path) -> None:
    upload_id = handed_in("story.txt", STORY.encode())
    uploads.file_of(upload_id).unlink()
    jobs.settle()
    jobs.handlers()[uploads.JOB]({"upload": upload_id})
    with session_scope() as session:
        row = uploads.get(session, upload_id, owner="account-1")
    assert row is not None
    assert row.code == "lost"


def test_uploads_are_part_of_what_a_person_is_given_and_has_erased(store: Path) -> None:
    upload_id = handed_in("story.txt", STORY.encode())
    part = next(item for item in personal_data.parts() if item.name == "uploads")
    with session_scope(write=True) as session:
        assert part.export(session, "account-1")[0]["file"] == "story.txt"
        part.erase(session, "account-1")
        assert part.export(session, "account-1") == []
    assert not uploads.file_of(upload_id).exists()
