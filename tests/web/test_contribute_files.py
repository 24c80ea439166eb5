"""Files: what is taken, what is refused with nothing left behind, and how they are given out."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import Workbook
from sqlmodel import select
from starlette.testclient import TestClient

from index import sync
from kb import jobs
from kb.curation.models import Attachment, Entry
from kb.curation.sections import section_of
from kb.database import now, session_scope
from kb.files import KINDS, FileRefused, document_kind_of, kind_of, safe_name
from kb.imports.uploads import Upload
from kb.records import service as records
from kb.settings import settings
from tests.pictures import PHOTO
from tests.web.conftest import set_state, the_app
from tests.web.entries import CASE, act, begin, send_in
from tests.web.people import csrf, person, post, send, send_again, sign_in, soup
from web.filters import day


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + data


def word(text: str = "A consent form for gates", **parts: bytes) -> bytes:
    held = io.BytesIO()
    document = docx.Document()
    document.add_paragraph(text)
    document.save(held)
    with zipfile.ZipFile(held, "a") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return held.getvalue()


def zipped(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return held.getvalue()


def bomb() -> bytes:
    return zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b" " * 60_000_000})


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    "zip bomb": ("report.docx", bomb(), "unfolds to far more"),
    "pdf and zip": ("report.pdf", PDF + zipped(a=b"x") + b"%%EOF", "two kinds of file"),
    "png and page": ("map.png", png() + b"<script>alert(1)</script>", "something behind it"),
    "macros": ("report.docx", word(**{"word__vbaProject.bin": b"x"}), "macros"),
    "object inside": ("report.docx", word(**{"word__embeddings__a.exe": b"MZ"}), "macros"),
    "program": ("report.pdf", b"MZ" + b"\0" * 200, "a program"),
    "web page": ("report.txt", b"<!DOCTYPE html><script>alert(1)</script>", "a web page"),
    "drawing": ("map.png", b"<svg xmlns='x' onload='alert(1)'/>", "a web page"),
    "old Word": ("report.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Word"),
    "Excel": ("list.xlsx", zipped(**{"xl__workbook.xml": b"<x/>"}), "ZIP, Excel"),
    "way out": (
        "report.docx",
        zipped(**{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>", "../../x": b""}),
        "lead out",
    ),
    "damaged": ("report.docx", b"PK\x03\x04" + b"\0" * 100, "damaged"),
    "cut short": ("report.pdf", b"%PDF-1.7\n" + b"x" * 500, "cut short"),
    "noise": ("report.txt", bytes(range(256)) * 20, "or it is damaged"),
    "empty": ("report.pdf", b"", "empty"),
}


@pytest.fixture
def ann(client: TestClient) -> TestClient:
    person("ann")
    return sign_in(client)


def upload(client: TestClient, path: str, name: str, data: bytes, **fields: str) -> Any:
    token = soup(client.get("/account")).find("input", attrs={"name": "csrf"})["value"]
    return client.post(path, data={"csrf": token, **fields}, files={"file": (name, data)})


def left_behind(home: Path) -> list[str]:
    return sorted(
        str(found.relative_to(home))
        for folder in ("files", "incoming", "uploads")
        for found in (home / folder).rglob("*")
        if found.is_file()
    )


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_are_refused_with_a_reason(kind: str, tmp_path: Path) -> None:
    _, data, said = HOSTILE[kind]
    path = tmp_path / "sent"
    path.write_bytes(data)
    with pytest.raises(FileRefused, match=said):
        kind_of(path)


@pytest.mark.parametrize(
    "data", [b"GIF89a" + b"\0" * 20, b"\x89PNG\r\n\x1a\n cut", b"\xff\xd8\xff\xe0"]
)
def test_a_picture_sent_as_a_document_is_said_to_be_one(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "sent"
    path.write_bytes(data)
    with pytest.raises(FileRefused, match="This is a picture") as refused:
        document_kind_of(path, "report.docx")
    assert "Word" in str(refused.value)
    assert "PNG" not in str(refused.value)


def test_hostile_files_leave_nothing_behind(ann: TestClient, site: Path) -> None:
    entry = begin(ann)
    for name, data, said in HOSTILE.values():
        for path in (f"{entry}/files", "/contribute/document"):
            answer = upload(ann, path, name, data)
            assert answer.status_code == 400, (name, path)
            told = " ".join(soup(answer).find("main").text.split())
            picture = "This is a picture" in told and path == "/contribute/document"
            assert said in told or picture or "Choose a file" in told, (name, path, told)
    assert left_behind(site) == []
    with session_scope() as session:
        assert session.exec(select(Attachment)).all() == []
        assert session.exec(select(Upload)).all() == []


def test_a_huge_file_is_refused_while_it_comes_in(
    ann: TestClient, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_UPLOAD_MEGABYTES", "1.5")
    settings.cache_clear()
    entry = begin(ann)
    for page in (f"{entry}/files", "/contribute/document", "/contribute/table"):
        assert "up to 1.5 MB" in ann.get(page).text, "one limit, whatever the file is for"
    token = soup(ann.get("/account")).find("input", attrs={"name": "csrf"})["value"]
    piece = b"a" * 100_000
    most = 0

    def body() -> Any:
        nonlocal most
        yield (
            f'--B\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'
            '--B\r\nContent-Disposition: form-data; name="file"; filename="big.pdf"\r\n\r\n'
        ).encode()
        for _ in range(200):
            most = max(most, *(f.stat().st_size for f in (site / "incoming").rglob("*")), 0)
            yield piece
        yield b"\r\n--B--\r\n"

    answer = ann.post(
        f"{entry}/files",
        content=body(),
        headers={"Content-Type": "multipart/form-data; boundary=B"},
    )
    assert answer.status_code == 413
    assert "larger than 1.5 MB" in answer.text
    assert most <= 1_600_000
    assert left_behind(site) == []


def test_odd_forms_are_refused(ann: TestClient, site: Path) -> None:
    entry = begin(ann)
    for kind, body, status in (
        ("multipart/form-data", b"x", 400),
        ("multipart/form-data; boundary=" + "b" * 300, b"x", 400),
        ("multipart/form-data; boundary=B", b"nothing of the kind", 400),
        ("multipart/form-data; boundary=B", b"--B\r\nX: " + b"h" * 9000, 400),
        ("multipart/form-data; boundary=B", b"--B\r\n\r\nx\r\n--B--", 403),
    ):
        answer = ann.post(f"{entry}/files", content=body, headers={"Content-Type": kind})
        assert answer.status_code == status, (kind, body)
    assert left_behind(site) == []


def test_files_are_taken_from_nobody_who_is_not_signed_in(client: TestClient, site: Path) -> None:
    answer = client.post(
        "/contribute/document", data={"csrf": "x"}, files={"file": ("a.txt", b"abc")}
    )
    assert answer.url.path == "/account/sign-in"
    assert left_behind(site) == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\ann\\plan.PDF", "plan.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "a b Set-Cookie x.pdf"),
        ("plan.pdf.exe", "plan pdf.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("....", "file.pdf"),
        ("x" * 400 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_file_names_are_made_safe(sent: str, kept: str) -> None:
    assert safe_name(sent, KINDS["pdf"]) == kept


def published(ann: TestClient, entry: str) -> str:
    """Send in and publish; returns the record's id."""
    with session_scope(write=True) as session:
        row = session.get(Entry, entry.rpartition("/")[2])
        assert row is not None
        row.content = {**CASE, "licence": "cc-by", "title": "Gates with a form"}
        session.add(row)
    send_in(ann, entry)
    person("lib", "librarian")
    lib = sign_in(TestClient(the_app(), raise_server_exceptions=False), "lib")
    desk = f"/desk/reviews/{entry.rpartition('/')[2]}"
    act(lib, desk, "Claim it")
    send(lib, desk, {"decision": "publish"}, action=f"{desk}/decide")
    with session_scope() as session:
        found = session.get(Entry, entry.rpartition("/")[2])
        assert found is not None
        assert found.record_id, found.state
        return found.record_id


def file_ids() -> dict[str, str]:
    with session_scope() as session:
        return {row.name: row.id for row in session.exec(select(Attachment))}


def test_a_file_goes_with_its_record_and_its_text_is_found(
    ann: TestClient, page: Callable[..., Any]
) -> None:
    entry = begin(ann)
    answer = upload(
        ann, f"{entry}/files", "../consent.docx", word("Quincunx consent"), title="Consent form"
    )
    assert "The file was added" in answer.text
    upload(ann, f"{entry}/files", "map.png", png(), role="endorsement")
    assert "is there already" in upload(ann, f"{entry}/files", "b.png", png()).text
    while jobs.due_jobs():
        jobs.run_due()
    record = published(ann, entry)
    sync.sync()
    stranger = TestClient(the_app(), raise_server_exceptions=False)
    ids = file_ids()
    assert ids.keys() == {"consent.docx", "map.png"}
    shown = stranger.get(f"/records/{record}")
    assert "Consent form" in shown.text
    given = stranger.get(f"/records/{record}/files/{ids['consent.docx']}")
    assert given.status_code == 200
    assert zipfile.is_zipfile(io.BytesIO(given.content))
    assert given.headers["content-disposition"].startswith('attachment; filename="consent.docx"')
    assert given.headers["x-content-type-options"] == "nosniff"
    assert given.headers["content-security-policy"].startswith("sandbox")
    # A letter of endorsement is for author and librarians only.
    assert stranger.get(f"/records/{record}/files/{ids['map.png']}").status_code == 404
    assert stranger.get(f"{entry}/files/{ids['map.png']}").url.path == "/account/sign-in"
    assert ann.get(f"{entry}/files/{ids['map.png']}").status_code == 200
    assert "Gates with a form" in stranger.get("/search?q=quincunx").text
    set_state(record, "withdrawn")
    assert stranger.get(f"/records/{record}/files/{ids['consent.docx']}").status_code == 404


def test_deleting_a_file_takes_its_text_out_of_the_record(ann: TestClient, site: Path) -> None:
    entry = begin(ann)
    upload(ann, f"{entry}/files", "consent.docx", word("Quincunx consent"))
    while jobs.due_jobs():
        jobs.run_due()
    record = published(ann, entry)
    with session_scope() as session:
        assert "Quincunx" in records.get(session, record).content.body[0].text
    lib = sign_in(TestClient(the_app(), raise_server_exceptions=False), "lib")
    [file_id] = file_ids().values()
    assert post(ann, f"{entry}/files/{file_id}", [("csrf", csrf(ann))]).status_code == 403
    send(lib, f"{entry}/files", action=f"{entry}/files/{file_id}")
    with session_scope() as session:
        assert records.get(session, record).content.body == []
    assert left_behind(site) == []


def test_a_file_and_a_text_at_once_are_not_half_read(ann: TestClient, site: Path) -> None:
    token = soup(ann.get("/contribute/document")).find("input", attrs={"name": "csrf"})["value"]
    answer = ann.post(
        "/contribute/document",
        data={"csrf": token, "text": "We put up gates & lights."},
        files={"file": ("gates.txt", b"Gates were put up.")},
    )
    assert answer.status_code == 400
    page = soup(answer).find("main")
    assert "Only one can be read" in page.text
    assert page.find("textarea").text.strip() == "We put up gates & lights."
    with session_scope() as session:
        assert session.exec(select(Upload)).all() == []


def test_an_entry_begins_from_a_pasted_document(ann: TestClient, site: Path) -> None:
    text = (
        "Alley gates in Marsh Lane\n\nScanning\n\nBurglars came through the back alleys of the "
        "terraced streets at night.\n\nAnalysis\n\nMost burglars got in from the rear.\n\n"
        "Response\n\nIn March 2004 Leeds City Council fitted lockable gates to forty alleys. They "
        "cost £20,000 (call 01632 960123). PC Jo Hale led it.\n\nAssessment\n\n"
        "Burglary fell from 120 to 80 a year.\n\nCONTACT\n\nMrs P. Jones, asb.team@leeds.example\n"
    )
    answer = send(ann, "/contribute/document", {"text": text}, button="Read it")
    assert "is being read" in answer.text
    assert answer.headers["refresh"] == "3"
    person("bob", "contributor")
    bob = sign_in(TestClient(the_app(), raise_server_exceptions=False), "bob")
    assert bob.get(answer.url.path).status_code == 404
    while jobs.due_jobs():
        jobs.run_due()
    answer = ann.get(answer.url.path)
    said = soup(answer).find("main").text
    assert "The problem" in said
    assert "not taken over: 01632 960123, Mrs P. Jones." in said
    assert "named in the texts that can be filled in: PC Jo Hale." in said
    left_out = soup(answer).find(class_="govuk-inset-text").text
    assert "asb.team" not in left_out, "a team's mailbox is nobody's own"
    answer = send(ann, answer.url.path, button="Start the entry")
    entry = answer.url.path
    shown = soup(ann.get(f"{entry}/problem"))
    assert "back alleys" in shown.find("textarea", attrs={"name": "problem_statement"}).text
    assert "back alleys" in shown.find(class_="sp-passage").text
    for name, passage in (
        ("costs", "They cost £20,000"),
        ("place", "Alley gates in Marsh Lane"),  # which a record of the store names
        ("started", "In March 2004 Leeds City Council fitted"),
        ("partners", "In March 2004 Leeds City Council fitted"),
    ):
        asked = section_of(name)
        assert asked is not None
        page = soup(ann.get(f"{entry}/{asked.id}"))
        assert any(passage in one.text for one in page.find_all(class_="sp-passage"))
    with session_scope() as session:
        found = session.exec(select(Entry)).one()
        assert found.content["costs"][0]["low"] == 20_000
        assert found.content["place"]["name"] == "Marsh Lane"
        assert found.content["started"] == "2004-03"
        assert found.content["partners"] == [{"organisation": "Leeds City Council"}]
        assert "01632" not in str(found.content)
        assert found.state == "draft"
    assert left_behind(site) == []


EMAIL = (
    "Hi Sam, about the benches in Fig Lane: people drank there each night and shouted. We moved "
    "two of them in May 2021 & rang <the> council. Calls to the police fell from 40 to 12.\n\n"
    "Results: it is quiet now. My own number is 01632 960123.\nZed\n"
)


def test_what_was_pasted_stays_in_sight_of_its_author_alone(ann: TestClient, site: Path) -> None:
    answer = send(ann, "/contribute/document", {"text": EMAIL}, button="Read it")
    document = answer.url.path
    work()

    def shown(client: TestClient, path: str) -> str:
        page = soup(client.get(path))
        text = page.find("textarea", id="text-read")
        return str(text.text).strip() if text else ""

    assert shown(ann, document) == EMAIL.strip()
    entry = send(ann, document, button="Start the entry").url.path
    page = soup(ann.get(entry))
    assert day(now() + timedelta(days=14)) in page.find("label", attrs={"for": "text-read"}).text
    assert shown(ann, f"{entry}/problem") == EMAIL.strip()
    assert ann.get(document).url.path == entry, "going back begins no second entry"
    with session_scope() as session:
        assert "01632" not in str(session.exec(select(Entry)).one().content)
        [kept] = session.exec(select(Upload)).all()
        assert set(kept.found) == {"text", "cut"}
    person("lib", "librarian")
    lib = sign_in(TestClient(the_app(), raise_server_exceptions=False), "lib")
    with session_scope(write=True) as session:
        begun = session.exec(select(Entry)).one()
        begun.state = "submitted"
        session.add(begun)
    for path in (entry, f"{entry}/problem", f"{entry}/check"):
        assert "01632" not in lib.get(path).text
    assert shown(ann, entry) == ""
    with session_scope(write=True) as session:
        begun = session.exec(select(Entry)).one()
        begun.state = "draft"
        session.add(begun)
    with session_scope(write=True) as session:
        kept = session.exec(select(Upload)).one()
        kept.handed_in_at = now() - timedelta(days=15)
        session.add(kept)
    assert shown(ann, entry) == "", "not a day longer than was said"
    send(ann, entry, action=f"{entry}/step", button="Delete it for good")
    with session_scope() as session:
        assert session.exec(select(Entry)).all() == []
        assert session.exec(select(Upload)).all() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("asdf asdf qwerty 12345 !!!! zzzz", "No problem, nothing that was done"),
        ("<!DOCTYPE html><title>x</title><body><script>a</script></body>", "No problem"),
        ("Gates \x00 and <b>more</b>", "no kind of document"),
    ],
)
def test_what_tells_nothing_is_said_and_not_lost(ann: TestClient, text: str, said: str) -> None:
    answer = send(ann, "/contribute/document", {"text": text}, button="Read it")
    work()
    answer = ann.get(answer.url.path)
    page = soup(answer).find("main")
    assert said in page.text
    assert page.find("textarea", attrs={"name": "text"}).text.strip() == text.replace(
        "\x00", "\ufffd"
    )
    assert "Start the entry" not in page.text
    longer = f"{text}\n\nPolice patrols in the park cut drinking by a third in 2019."
    answer = send_again(ann, answer, {"text": longer}, button="Read it again")
    assert "is being read" in answer.text


def test_a_web_page_is_read_but_never_kept(ann: TestClient, site: Path) -> None:
    page = (
        b"<!-- saved --><!DOCTYPE html><html><head><title>Gates in Marsh Lane</title></head><body>"
        b"<script>alert(1)</script><article><h2>Response</h2><p>In March 2004 Leeds City Council "
        b"fitted lockable gates to forty alleys behind the terraces.</p><h2>Assessment</h2><p>In "
        b"the year after the gates burglary fell from 120 to 80.</p></article></body></html>"
    )
    form = soup(ann.get("/contribute/document"))
    hint, field = form.find(id="file-hint").text, form.find(id="file")["accept"]
    assert "PDF, Word (.docx), plain text and web page (.html)" in hint
    assert ".html" in field.split(",")
    entry = begin(ann)
    files = soup(ann.get(f"{entry}/files"))
    assert "html" not in files.find(id="file-hint").text + files.find(id="file")["accept"]
    assert upload(ann, f"{entry}/files", "page.html", page).status_code == 400
    assert upload(ann, "/contribute/document", "page.txt", page).status_code == 400
    answer = upload(ann, "/contribute/document", "page.html", page)
    work()
    answer = ann.get(answer.url.path)
    assert "What was done" in soup(answer).find("main").text
    assert "alert(1)" not in answer.text
    assert left_behind(site) == []


def test_an_entry_begins_from_a_row(ann: TestClient) -> None:
    table = "title\tProblem summary\tstarted\nGates\tBurglars came in.\t2004\nLights\tDark.\t2005"
    answer = send(ann, "/contribute/table", {"text": table}, button="Go on")
    assert "These headings are not the names" in answer.text
    form = soup(answer).find("select", attrs={"name": "map:Problem summary"})
    assert form is not None
    pairs = [("csrf", csrf(ann)), ("text", table), ("map:Problem summary", "problem_statement")]
    answer = post(ann, "/contribute/table", pairs)
    assert "Which row?" in answer.text
    answer = post(ann, "/contribute/table", [*pairs, ("row", "3")])
    with session_scope() as session:
        found = session.exec(select(Entry)).one()
    assert found.content == {"title": "Lights", "problem_statement": "Dark.", "started": "2005"}


def workbook(*rows: list[Any]) -> bytes:
    book, held = Workbook(), io.BytesIO()
    for cells in rows:
        book.active.append(cells)
    book.save(held)
    return held.getvalue()


def work() -> None:
    while jobs.due_jobs():
        jobs.run_due()


def test_an_entry_begins_from_a_workbook(ann: TestClient, site: Path) -> None:
    book = workbook(
        ["Project", "started", "region"], ["Gates", 2004, "North West"], ["=1+1", "2005", ""]
    )
    answer = upload(ann, "/contribute/table", "Our projects.xlsx", book)
    assert "waits its turn" in answer.text, "the site itself opens no workbook"
    assert answer.headers["refresh"]
    work()
    answer = ann.get(answer.url.path)
    assert "refresh" not in answer.headers
    chosen = {"map:Project": "title", "map:region": "place.region"}
    answer = send_again(ann, answer, chosen, button="Go on")
    assert "Which row?" in answer.text
    answer = send_again(ann, answer, {"row": "2"}, button="Go on")
    with session_scope() as session:
        found = session.exec(select(Entry)).one()
        assert session.exec(select(Upload)).all() == []
    assert found.content == {
        "title": "Gates",
        "started": "2004",
        "place": {"region": "North West"},
    }
    assert left_behind(site) == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("bomb.xlsx", zipped(**{"[Content_Types].xml": b" " * 60_000_000}), "unpacks to far more"),
        ("macros.xlsx", zipped(**{"xl/vbaProject.bin": b"x"}), "macros"),
        ("picture.xlsx", png(), "not an Excel workbook"),
        ("long.xlsx", workbook(["title"], *(["x" * 30_000] for _ in range(20))), "too long"),
        ("macros.xlsm", workbook(["title"], ["Gates"]), "no table"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "no table"),
        ("../../up.csv", b"\x7fELF", "no table"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_hostile_table_is_refused(
    ann: TestClient, site: Path, name: str, data: bytes, said: str
) -> None:
    answer = upload(ann, "/contribute/table", name, data)
    work()
    told = answer if answer.status_code == 400 else ann.get(answer.url.path)
    assert told.status_code == 400
    assert said in soup(told).find("main").text
    assert left_behind(site) == []


def test_a_workbook_is_nobody_elses(ann: TestClient, client: TestClient) -> None:
    where = upload(ann, "/contribute/table", "a.xlsx", workbook(["title"], ["Gates"])).url.path
    person("bob")
    bob = sign_in(TestClient(the_app(), raise_server_exceptions=False), "bob")
    assert bob.get(where).status_code == 404


def test_a_table_without_a_title_is_explained(ann: TestClient) -> None:
    answer = send(ann, "/contribute/table", {"text": "started\n2004"}, button="Go on")
    assert answer.status_code == 400
    assert "must name the columns" in answer.text


def test_a_photograph_loses_where_it_was_taken(ann: TestClient) -> None:
    entry = begin(ann)
    upload(ann, f"{entry}/files", "gate.jpg", PHOTO)
    given = ann.get(f"{entry}/files/{file_ids()['gate.jpg']}")
    assert given.status_code == 200
    assert b"Acme" in PHOTO
    assert b"Acme" not in given.content
    broken = PHOTO[:200] + PHOTO[-2:]
    assert "The image is damaged" in upload(ann, f"{entry}/files", "b.jpg", broken).text


def test_what_a_killed_process_left_is_swept_away(ann: TestClient, site: Path) -> None:
    import os

    old = site / "incoming" / "0123456789abcdef"
    old.mkdir(parents=True)
    (old / "x").write_text("left")
    os.utime(old, (0, 0))
    entry = begin(ann)
    upload(ann, f"{entry}/files", "map.png", png())
    assert not old.exists()
    assert settings().home == site


def test_a_row_cannot_name_the_record_it_would_overwrite(ann: TestClient) -> None:
    table = "id\ttitle\tharmful\nalley-gates\tMine now\tyes"
    send(ann, "/contribute/table", {"text": table}, button="Go on")
    with session_scope() as session:
        found = session.exec(select(Entry)).one()
    assert found.content == {"title": "Mine now"}
