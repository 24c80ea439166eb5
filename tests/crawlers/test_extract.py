"""Text, dates, languages and contacts of documents, and what ends in a reason instead."""

import gzip
import io
import json
import re
import subprocess
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import trafilatura

from crawlers import read_child
from crawlers.contacts import contacts_in
from crawlers.dates import published_in
from crawlers.document import Block, Document, blocks_of
from crawlers.document_title import title_of
from crawlers.errors import ExtractionFailed
from crawlers.extract import extract, kind_of
from crawlers.languages import language_of
from crawlers.page import decoded
from kb.settings import settings
from tests.crawlers.documents import made_pdf
from tests.crawlers.site import Answer, Site, html

KEYS = {
    "title",
    "text",
    "published",
    "language",
    "sections",
    "sections_found",
    "tags",
    "costs",
    "dates",
    "places",
    "organisations",
    "role_contacts",
    "funding",
    "evaluators",
    "people",
    "contacts",
    "warnings",
}
PAGE = """<!doctype html><html lang="en"><head><title>Gates in Sampleton | Council</title>
<meta property="article:published_time" content="2009-03-14"></head><body>
<nav><a href="/">Home</a><a href="/news">News and events</a></nav>
<main><article><h1>Gates in Sampleton</h1>
<h2>Scanning</h2><p>Burglars came in by the alleys behind the terraces. Residents complained of it
for years, and people were afraid to leave their homes empty during the day.</p>
<h2>Analysis</h2><p>Police records showed that two burglaries in three began at the back door, and
that most of them were committed between noon and the end of the school day.</p>
<h2>Response</h2><p>The council and residents installed lockable gates at both ends of twelve alleys
after a vote in each street, with keys for every household.</p>
<ul><li>Twelve alleys were gated</li><li>Every household got two keys</li></ul>
<h2>Assessment</h2><p>Burglary fell by a third in a year, compared with no change in streets nearby
that had no gates. The gates were still shut four years later.</p>
<table><tr><th>Year</th><th>Burglaries</th></tr><tr><td>2007</td><td>90</td></tr>
<tr><td>2008</td><td>60</td></tr></table>
<p>Ask <a href="mailto:info@sampleton.example">the team</a> or jane.doe@sampleton.example,
telephone 01632 960 123.</p></article></main><footer>Cookies and privacy</footer></body></html>"""


def words_f1(found: str, wanted: str) -> float:
    one, other = (Counter(re.findall(r"\w+", text.lower())) for text in (found, wanted))
    shared = sum((one & other).values())
    if not shared:
        return 0.0
    precision, recall = shared / sum(one.values()), shared / sum(other.values())
    return 2 * precision * recall / (precision + recall)


@pytest.fixture
def limits(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def change(**changes: object) -> None:
        for name, value in changes.items():
            monkeypatch.setenv(f"KB_{name.upper()}", str(value))
        settings.cache_clear()

    return change


# --- web pages


def test_a_web_page(home: Path) -> None:
    found = extract("page.html", PAGE.encode())
    assert found.title == "Gates in Sampleton"
    assert found.published == "2009-03-14"
    assert found.language == "en"
    sections = found.structure.texts()
    assert sections["scanning"].startswith("Burglars came in")
    assert "Every household got two keys" in sections["response"]
    assert "2008 | 60" in sections["assessment"]
    assert "Cookies" not in found.text
    assert found.structure.tags["problem_types"][0].code.startswith("burglary")
    assert [(item.kind, item.value, item.personal) for item in found.contacts] == [
        ("email", "jane.doe@sampleton.example", True),
        ("email", "info@sampleton.example", False),
        ("phone", "01632 960 123", True),
    ]


@pytest.mark.data
@pytest.mark.timeout(600)
def test_articles_are_read_no_worse_than_by_the_plain_library(
    home: Path, data_dir: Callable[[str], Path]
) -> None:
    folder = data_dir("html/article-extraction-benchmark")
    wanted = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    ours, plain = [], []
    for name, item in wanted.items():
        body = gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes())
        # In this process, as starting one for each page takes most of the time.
        ours.append(
            words_f1(read_child.read("page.html", "html", "", body).text, item["articleBody"])
        )
        plain.append(words_f1(trafilatura.extract(body) or "", item["articleBody"]))
    assert len(ours) == 29
    assert sum(ours) >= sum(plain)


def test_headings_and_lists_of_a_page_without_an_article_are_read() -> None:
    body = b"""<html lang="en"><head><title>Safer Sundown</title></head><body>
    <header><nav><a href="/">Home</a></nav></header><div><h1>Safer Sundown in Newport</h1>
    <h2>The problem</h2><p>Saturday nights in the centre were getting messy, with fights outside the
    takeaways. The hospital saw about thirty patients every weekend.</p>
    <h2>What we did</h2><p>The group agreed on three measures, in place by June 2022:</p>
    <ul><li>Taxi marshals on Fridays</li><li>Plastic glasses in four pubs</li>
    <li>Training for door staff</li></ul>
    <h2>Results</h2><p>Attendances went down from 30 to 19 a weekend between April 2022 and January
    2023, while begging went up.</p></div><footer>Copyright council</footer></body></html>"""
    found = extract("page.html", body)
    assert [block.text for block in found.blocks if block.kind == "item"] == [
        "Taxi marshals on Fridays",
        "Plastic glasses in four pubs",
        "Training for door staff",
    ]
    assert found.structure.sections["response"].text.count("marshals") == 1
    assert "begging" in found.structure.sections["assessment"].text
    assert found.published == ""
    assert "Home" not in {block.text for block in found.blocks}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html><body></body></html>", "no-text"),
        (b"<html><body>" + b"<div>" * 50_000, "no-text"),
        (b"", "no-text"),
        (b"   \n", "no-text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "unsupported"),
        (b"{\\rtf1 text}", "unsupported"),
        (b"\x89PNG\r\n", "unsupported"),
        (b"PK\x03\x04" + b"\0" * 100, "unsupported"),
        (b"\x00\x01\x02\x03", "unsupported"),
        (b"%PDF-1.4 and then nothing of the kind", "broken"),
    ],
)
def test_what_gives_no_text_gives_a_reason(home: Path, body: bytes, code: str) -> None:
    with pytest.raises(ExtractionFailed) as caught:
        extract("thing.bin" if code == "unsupported" else "thing.html", body)
    assert caught.value.code == code


def test_pages_too_deep_for_a_tree_still_give_their_text(home: Path) -> None:
    deep = b"<div>" * 600 + b"<p>Burglary <b>fell</b>.</p><p>Gates did it.</p>"
    head = b"<html><head><title>T</title><script>x</script><body>"
    assert extract("deep.html", head + deep).text == "Burglary fell.\n\nGates did it."


@pytest.mark.parametrize(
    "charset", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252"]
)
def test_text_in_every_charset_that_people_save(home: Path, charset: str) -> None:
    text = "Zürich: “gates” cost £400 and burglary fell."
    body = text.encode(charset)
    assert kind_of("notes.txt", body) == "text"
    assert decoded(body) == text
    assert kind_of("page", f"<html><body>{text}".encode(charset)) == "html"


def test_a_line_of_a_million_letters_is_no_title_and_keeps_nobody_waiting(home: Path) -> None:
    found = extract("notes.txt", b"a" * 1_000_000 + b"ann@example.org")
    assert (found.title, len(found.text)) == ("", 1_000_015)
    assert title_of(Document(title="a" * 1_000_000)) == "a" * 300


def test_what_takes_too_much_memory_says_so(home: Path, limits: Callable[..., None]) -> None:
    limits(extract_megabytes=300)
    plain, bomb = io.BytesIO(), io.BytesIO()
    docx.Document().save(plain)
    with (
        zipfile.ZipFile(plain) as proper,
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
    ):
        for name in proper.namelist():
            data = proper.read(name)
            many = b"<w:body>" + b"<w:p/>" * 3_000_000 * (name == "word/document.xml")
            packed.writestr(name, data.replace(b"<w:body>", many))
    with pytest.raises(ExtractionFailed, match="KB_EXTRACT_MEGABYTES") as caught:
        extract("bomb.docx", bomb.getvalue())
    assert caught.value.code == "too-large"


# --- PDF


@pytest.mark.data
@pytest.mark.timeout(600)
def test_every_awkward_pdf_ends_in_text_or_a_reason(
    home: Path, data_dir: Callable[[str], Path]
) -> None:
    files = sorted(data_dir("web/pdf").rglob("*.pdf"))
    outcomes = {}
    for file in files:
        try:
            outcomes[file.name] = "text" if extract(file.name, file.read_bytes()).text else "none"
        except ExtractionFailed as error:
            outcomes[file.name] = error.code
    assert len(files) == 52
    assert set(outcomes.values()) == {"text", "password", "needs-ocr"}
    assert outcomes["libreoffice-writer-password.pdf"] == "password"
    assert outcomes["imagemagick-lzw.pdf"] == "needs-ocr"


@pytest.mark.data
def test_columns_are_read_one_after_the_other(home: Path, data_dir: Callable[[str], Path]) -> None:
    file = data_dir("web/pdf/pdfminer/contrib/pr-00530-ml-lines.pdf")
    text = extract(file.name, file.read_bytes()).text
    parts = ["SUMMARY: The FAA proposes", "This proposed AD would require", "DATES:", "ADDRESSES:"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@pytest.mark.data
def test_letters_set_apart_are_joined_to_words(home: Path, data_dir: Callable[[str], Path]) -> None:
    file = data_dir("web/pdf/py-pdf-sample-files/011-google-doc-document/google-doc-document.pdf")
    assert "Beautiful is better than ugly." in extract(file.name, file.read_bytes()).text


def test_a_pdf_without_its_running_headers(home: Path) -> None:
    pages = [
        [
            ("Sampleton Safety Partnership", 800),
            (f"What page {number} tells is this.", 400),
            (f"Page {number} of 4", 20),
        ]
        for number in range(1, 5)
    ]
    found = extract("made.pdf", made_pdf(pages))
    assert "Partnership" not in found.text
    assert "Page 2 of 4" not in found.text
    assert [f"What page {number} tells" in found.text for number in range(1, 5)] == [True] * 4


# --- Word and text


def test_a_word_file(home: Path) -> None:
    word = docx.Document()
    word.core_properties.title = "Gates in Sampleton"
    word.add_heading("Scanning", 1)
    word.add_paragraph("Burglars came in by the alleys behind the terraced houses.")
    word.add_heading("Response", 1)
    word.add_paragraph("Gates were put up at both ends of each alley.")
    word.add_paragraph("Twelve alleys were gated", style="List Bullet")
    by_hand = word.add_paragraph()
    by_hand.add_run("Results").bold = True
    word.add_paragraph("Burglary fell by a third within the first year.")
    table = word.add_table(3, 4)
    rows = ("Year", "Before", "After", "Target", "2008", "60", "40", "40")
    for cell, text in zip(table._cells, (*rows, "", "", "", ""), strict=True):
        cell.text = text
    table.cell(2, 0).merge(table.cell(2, 3)).text = "Counted by the police"
    held = io.BytesIO()
    word.save(held)
    found = extract("gates.docx", held.getvalue())
    assert found.title == "Gates in Sampleton"
    assert found.structure.texts()["scanning"].startswith("Burglars")
    told = found.structure.texts()["assessment"]
    assert "2008 | 60 | 40 | 40" in told
    assert told.count("Counted by the police") == 1


def test_a_word_file_that_is_a_bomb_or_broken(home: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"\0" * 400_000_000)
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as packed:
        packed.writestr("word/document.xml", "<w:document/>")
    for body, code in ((bomb, "too-large"), (broken, "broken")):
        with pytest.raises(ExtractionFailed) as caught:
            extract("file.docx", body.getvalue())
        assert caught.value.code == code


def test_plain_text_in_its_charset(home: Path) -> None:
    text = "GATES IN SAMPLETON\n\nThe café\u2019s alley was gated \u2013 at last.\n\n- one\n- two\n"
    found = extract("notes.txt", text.encode("cp1252"))
    assert found.title == "GATES IN SAMPLETON"
    assert "café\u2019s alley" in found.text
    assert [block.kind for block in found.blocks] == ["heading", "text", "item", "item"]


# --- limits


def test_reading_ends_at_its_time_and_memory_limits(limits: Callable[..., None]) -> None:
    limits(extract_seconds=0.05)
    with pytest.raises(ExtractionFailed) as caught:
        extract("page.html", PAGE.encode())
    assert caught.value.code == "too-slow"
    limits(extract_seconds=60, extract_megabytes=200)
    with pytest.raises(ExtractionFailed) as caught:
        extract("page.html", b"<html><p>" + b"x <b>y</b> " * 3_000_000)
    assert caught.value.code in ("too-large", "crashed", "too-slow", "broken")


# --- parts


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("14 March 2009", "2009-03-14"),
        ("Published: 14th of March, 2009", "2009-03-14"),
        ("March 14, 2009", "2009-03-14"),
        ("Sept. 2011", "2011-09"),
        ("2012-10-05", "2012-10-05"),
        ("© 2007 Sampleton Council and its partners in the whole county, all rights kept", "2007"),
        ("In March 2009 the council began a long and costly scheme of gates in the town", ""),
        ("We agreed five measures, all in place by June 2022:", ""),
        ("Newsletter, June 2022", "2022-06"),
        ("Date: Monday 3 October 2023", "2023-10-03"),
        ("12.03.2022", "2022-03-12"),
        ("12/03/2022", ""),
        ("25/03/2022", "2022-03-25"),
        ("Issued 12 Mar 24", "2024-03-12"),
        ("Jan 24", "2024-01"),
        ("Published: Sept '22", "2022-09"),
        ("Issue date: Oct-22", "2022-10"),
        ("Date: 01.09.21", "2021-09-01"),
        ("Spring 2023", "2023"),
        ("Final report, Spring 2021", "2021"),
        ("Alleys in Spring 2022", ""),
        ("There were 38 in December 2017.", ""),
        # Dates of something else than the document.
        ("Next meeting: 14 May 2024", ""),
        ("Held on Tuesday 12 March 2024", ""),
        ("Start date: Jan 2021", ""),
        ("Closing date 3 June 2024", ""),
        ("31 Marchpane 2009", ""),
        ("Call 1998 now", ""),
    ],
)
def test_dates_that_stand_by_themselves(line: str, date: str) -> None:
    assert published_in([Block("text", line)]) == date


def test_contacts_are_told_apart() -> None:
    text = (
        "Write to Safer.Streets@town.example or john.smith [at] town.example. "
        "Tel: +44 (0)1632 960 001. Crime number 2012345678. ISBN 978-0-306-40615-7. "
        "Phone 555-123 4567. In 2001-2002 there were 1200 crimes."
    )
    found = {(item.kind, item.value): item.personal for item in contacts_in(text)}
    assert found[("email", "safer.streets@town.example")] is False
    assert found[("email", "john.smith@town.example")] is True
    assert [value for kind, value in found if kind == "phone"] == [
        "+44 (0)1632 960 001",
        "555-123 4567",
    ]
    assert contacts_in("a" * 100_000 + "@" * 1000) == []


def test_languages() -> None:
    german = "Die Polizei arbeitet mit der Gemeinde und den Schulen zusammen. " * 6
    assert language_of(german, "de") == ("de", "")
    found, warning = language_of(german, "en")
    assert found == "de"
    assert "'en'" in warning
    assert language_of("Hm.", "cy") == ("cy", "")
    assert language_of("", "") == ("", "")


def test_paragraphs_of_plain_text() -> None:
    blocks = blocks_of("One line\nof a para-\ngraph.\n\n* an item\n  of two lines\n2. another\n")
    assert [(block.kind, block.text) for block in blocks] == [
        ("text", "One line of a paragraph."),
        ("item", "an item of two lines"),
        ("item", "another"),
    ]


def test_kinds_by_content_first(home: Path) -> None:
    assert kind_of("page.html", b"%PDF-1.7 ...") == "pdf"
    assert kind_of("x", b"<html><p>x") == "html"
    assert kind_of("x", b"text", "text/html") == "html"
    assert kind_of("x.txt", b"text") == "text"


# --- the command


RunKb = Callable[..., "subprocess.CompletedProcess[str]"]


def test_the_command_prints_the_result(run_kb: RunKb, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(PAGE, "utf-8")
    done = run_kb("extract", str(tmp_path / "page.html"), "--json")
    assert done.returncode == 0, done.stderr
    data = json.loads(done.stdout)
    assert set(data) == KEYS
    assert set(data["sections"]) == {"scanning", "analysis", "response", "assessment"}
    assert {"problem_types", "response_types"} <= set(data["tags"])
    shown = run_kb("extract", str(tmp_path / "page.html"))
    assert "Scanning (found by heading" in shown.stdout
    assert "may name a person" in shown.stdout


def test_the_command_fails_with_the_reason(run_kb: RunKb, tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    done = run_kb("extract", str(tmp_path / "bad.pdf"))
    assert done.returncode == 1
    assert "not a proper PDF" in done.stderr
    assert run_kb("extract", str(tmp_path / "none.pdf")).returncode == 1
    assert run_kb("extract").returncode == 2
    done = run_kb("extract", "https://example.org/")
    assert done.returncode == 1
    assert "KB_CRAWLER_CONTACT" in done.stderr


def test_the_command_reads_from_the_web(run_kb: RunKb, site: Site) -> None:
    site.routes |= {
        "/page": html(PAGE),
        "/robots.txt": Answer(b"User-agent: *\nDisallow: /private"),
    }
    known = {"KB_CRAWLER_CONTACT": "crawl@example.org", "KB_CRAWLER_ALLOW": site.host}
    done = run_kb("extract", site.url("/page"), "--json", env_changes=known)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"] == "Gates in Sampleton"
    done = run_kb("extract", site.url("/private"), env_changes=known)
    assert done.returncode == 1
    assert "robots.txt forbids" in done.stderr
