"""Export formats: what leaves the store, in which form, and that it comes back unharmed."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import rispy
import yaml
from bibtexparser.entrypoint import parse_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb import exports
from kb.exports import as_bibtex, as_markdown, exporters
from kb.exports.citation import citation
from kb.exports.gate import may_pass_on_text
from kb.exports.table import COLUMNS, disarm, from_cell, rearm, to_cell
from kb.imports import readers
from kb.record_commands import export
from kb.records import FIELD, FIELDS, FieldSpec, Practice, PracticeIn, service
from kb.settings import settings as kb_settings
from kb.vocabularies import vocabulary
from tests.factories import entry, practice

MOMENT = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)


def stored(content: PracticeIn, **changes: Any) -> Practice:
    values: dict[str, Any] = {
        "id": content.id or "a-record",
        "version": 3,
        "state": "published",
        "restricted": False,
        "door": "form",
        "content": content,
        "completeness": 50,
        "stamp": "x",
        "superseded_by": None,
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }
    return Practice(**{**values, **changes})


def written(name: str, *contents: PracticeIn, **changes: Any) -> bytes:
    return exporters()[name].write(stored(content, **changes) for content in contents)


# Any value that the definition of a field allows, so that a new field is covered at once.
def values_of(spec: FieldSpec) -> st.SearchStrategy[Any]:
    text = st.text(max_size=30)
    if spec.vocabulary:
        code = st.sampled_from([term.code for term in vocabulary(spec.vocabulary)])
        return st.lists(code, max_size=3) if spec.many else code
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "text": st.text(max_size=3) if spec.name == "currency" else text,
        "texts": st.lists(text, max_size=3),
        "number": st.integers(1, 4) if spec.name == "quality" else st.just(1),
        "flag": st.booleans(),
        "date": st.sampled_from(["1999", "2004-02", "2009-12-31"]),
        "url": st.sampled_from(["https://example.org/a;b?x={1}&y=%20", "http://example.org/ü"]),
    }
    if spec.columns:
        row = rows_of(spec)
        return st.lists(row, max_size=2) if spec.many else row
    if spec.name in ("price_year", "year"):
        return st.integers(1950, 2050)
    return kinds[spec.kind]


def rows_of(spec: FieldSpec) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={c.name: values_of(c) for c in spec.columns})


@st.composite
def _contents(draw: st.DrawFn) -> PracticeIn:
    data: dict[str, Any] = {"id": "a-record", "title": draw(st.text(max_size=30))}
    free = [spec for spec in FIELDS if spec.name not in ("id", "language", "body")]
    for spec in draw(st.lists(st.sampled_from(free), max_size=6, unique_by=lambda s: s.name)):
        data[spec.name] = draw(values_of(spec))
    return PracticeIn.model_validate(data)


contents = _contents()
many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_back(name: str, data: bytes, folder: Path) -> PracticeIn:
    path = folder / f"back.{name}"
    path.write_bytes(data)
    (row,) = readers()[name].read(path)
    assert row.data is not None, row.problem
    fields = {key: value for key, value in row.data.items() if key in PracticeIn.model_fields}
    return service.parse(fields)


def without_hidden(content: PracticeIn) -> PracticeIn:
    return exports.gate.open_content(content)


class TestFinding:
    def test_every_format_of_the_commands_is_there(self) -> None:
        wanted = {"json", "csv", "xlsx", "ris", "bibtex", "csljson", "yaml", "markdown", "docx"}
        assert wanted <= set(exporters())
        (option,) = (one for one in export.params if one.name == "format_name")
        assert f"One of {', '.join(sorted(exporters()))};" in str(getattr(option, "help", ""))

    def test_a_new_module_is_found(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / "as_titles.py").write_text(
            "NAME, LABEL, MEDIA_TYPE, EXTENSION = 'titles', 'Titles', 'text/plain', 'txt'\n"
            "def write(records):\n"
            "    return '\\n'.join(record.content.title for record in records).encode()\n"
        )
        monkeypatch.setattr(exports, "__path__", [*exports.__path__, str(tmp_path)])
        assert exporters()["titles"].write([stored(practice(title="One"))]) == b"One"

    @pytest.mark.parametrize("name", sorted(exporters()))
    def test_no_record_is_a_valid_file_too(self, name: str) -> None:
        assert isinstance(exporters()[name].write([]), bytes)

    @pytest.mark.parametrize("name", sorted(exporters()))
    def test_an_almost_empty_record_can_be_written(self, name: str) -> None:
        assert b"Bare" in written(name, PracticeIn(title="Bare")) or name in ("xlsx", "docx")


class TestGate:
    @pytest.mark.parametrize("name", sorted(exporters()))
    @pytest.mark.parametrize("licence", [None, "unknown", "all-rights", "non-derivative"])
    def test_text_that_may_not_be_passed_on_stays(self, name: str, licence: str | None) -> None:
        content = practice(licence=licence, body=[{"heading": "Chapter", "text": "Kept words"}])
        data = written(name, content)
        assert b"Kept words" not in data
        if name in ("xlsx", "docx"):
            assert "Kept words" not in _office_text(name, data)

    @pytest.mark.parametrize("name", ["json", "yaml", "csv", "xlsx", "markdown", "docx"])
    def test_text_that_may_be_passed_on_goes_with_it(self, name: str) -> None:
        content = practice(licence="ogl-3", body=[{"heading": "Chapter", "text": "Open words"}])
        data = written(name, content)
        text = _office_text(name, data) if name in ("xlsx", "docx") else data.decode()
        assert "Open words" in text

    def test_the_flags_of_the_vocabulary_decide(self) -> None:
        for term in vocabulary("licences"):
            wanted = term.flag("store_full") and term.flag("show_summary")
            assert may_pass_on_text(term.code) is wanted

    def test_people_leave_only_as_they_agreed(self) -> None:
        content = practice(
            contacts=[
                {"role": "Agreed", "person": "Ann Agreed", "consent": True},
                {
                    "role": "Refused",
                    "person": "Rob Refused",
                    "consent": False,
                    "url": "https://a.org",
                },
                {"role": "Unasked", "person": "Una Unasked"},
                {"role": "Public", "person": "Pat Public", "url": "https://example.org/team"},
                {"role": "Gone", "mailbox": "gone@example.org", "state": "not-listed"},
            ]
        )
        (row,) = json.loads(written("json", content))
        assert [c["role"] for c in row["contacts"]] == ["Agreed", "Refused", "Unasked", "Public"]
        assert [c.get("person") for c in row["contacts"]] == [
            "Ann Agreed",
            None,
            None,
            "Pat Public",
        ]


class TestJson:
    @many
    @given(content=contents)
    def test_comes_back_the_same(
        self, content: PracticeIn, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        back = read_back("json", written("json", content), tmp_path_factory.getbasetemp())
        assert back == without_hidden(content)

    def test_says_what_the_record_is(self, monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
        monkeypatch.setenv("KB_BASE_URL", "https://practice.example/")
        kb_settings.cache_clear()
        (row,) = json.loads(written("json", practice(id="gates")))
        assert row["id"] == "gates"
        assert row["address"] == "https://practice.example/records/gates"
        assert (row["state"], row["version"]) == ("published", 3)
        assert row["updated_at"] == MOMENT.isoformat()
        assert row["record_type"] == "project"
        assert row["problem_types"] == ["burglary-dwelling"]

    def test_the_address_is_the_sites_own_when_no_public_one_is_set(self, home: Path) -> None:
        [row] = json.loads(written("json", practice()))
        assert row["address"] == f"http://127.0.0.1:8000/records/{row['id']}"


class TestYaml:
    @many
    @given(content=contents)
    def test_comes_back_the_same(
        self, content: PracticeIn, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        back = read_back("yaml", written("yaml", content), tmp_path_factory.getbasetemp())
        assert back == without_hidden(content)

    def test_one_record_is_what_kb_add_takes(self) -> None:
        content = practice(id="gates")
        assert service.parse(yaml.safe_load(written("yaml", content))) == content

    def test_several_records_are_a_list(self) -> None:
        data = yaml.safe_load(written("yaml", practice(), entry()))
        assert [row["record_type"] for row in data] == ["project", "award-entry"]


class TestCsv:
    @many
    @given(content=contents)
    def test_comes_back_the_same(
        self, content: PracticeIn, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        if not content.title:
            content = content.model_copy(update={"title": "A title"})
        back = read_back("csv", written("csv", content), tmp_path_factory.getbasetemp())
        assert back == without_hidden(content)

    def test_has_a_column_for_every_field(self) -> None:
        header = written("csv").decode("utf-8-sig").strip().split(",")
        assert {f'"{spec.name}"' for spec in FIELDS} <= set(header)

    @pytest.mark.parametrize(
        "text",
        ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)", "'=1", "''=1", "\uff1d1"],
    )
    def test_no_cell_begins_as_a_formula(self, text: str) -> None:
        assert disarm(text).startswith("'")
        assert rearm(disarm(text)) == text

    @given(text=st.text())
    def test_disarming_is_undone_exactly(self, text: str) -> None:
        assert rearm(disarm(text)) == text
        assert disarm(text)[:1] not in "=+-@\t\r\n" or not text

    def test_formulas_in_any_field_are_disarmed(self) -> None:
        content = practice(title="=cmd|' /C calc'!A0", keywords=["=1+1"], harm="@x", fear="-2+3")
        rows = list(csv.reader(io.StringIO(written("csv", content).decode("utf-8-sig"))))
        assert not [cell for cell in rows[1] if cell[:1] in ("=", "+", "-", "@")]

    @given(items=st.lists(st.text(min_size=1).map(str.strip).filter(bool), max_size=4))
    def test_lists_in_one_cell_come_back(self, items: list[str]) -> None:
        spec = FIELD["keywords"]
        back = from_cell(spec, to_cell(spec, items)) if items else []
        assert back == items

    def test_excel_reads_the_letters_right(self) -> None:
        assert written("csv", practice()).startswith(b"\xef\xbb\xbf")


class TestXlsx:
    def test_shows_labels_under_titles(self) -> None:
        rows = _sheet(written("xlsx", practice()))
        shown = dict(zip(rows[0], rows[1], strict=True))
        assert shown["Title"] == "Alley gates against burglary in Marsh Lane"
        assert shown["Problem"] == vocabulary("problem_types").label("burglary-dwelling")
        assert "Before: 120; After: 80" in shown["Results"]
        assert {spec.title for spec in FIELDS if spec.name != "id"} <= set(rows[0])

    def test_no_cell_is_a_formula(self) -> None:
        data = written("xlsx", practice(title="=1+1", harm="+1", keywords=["=A1"]))
        book = openpyxl.load_workbook(io.BytesIO(data))
        kinds = {cell.data_type for row in book.active.iter_rows() for cell in row}
        assert "f" not in kinds
        assert "=1+1" in _sheet(data)[1]

    def test_numbers_stay_numbers(self) -> None:
        rows = _sheet(written("xlsx", practice(staff_fte=2.5)))
        assert 2.5 in rows[1]

    def test_a_text_longer_than_a_cell_is_cut_and_says_so(self) -> None:
        long = [{"heading": "One", "text": "\U0001f600 word " * 9000}]
        rows = _sheet(written("xlsx", practice(licence="ogl-3", body=long)))
        cell = next(cell for cell in rows[1] if isinstance(cell, str) and len(cell) > 20_000)
        assert cell.endswith("(cut: longer than a cell can hold)")
        assert len(cell.encode("utf-16-le")) // 2 <= 32_767

    @many
    @given(content=contents)
    def test_opens_whatever_the_text(self, content: PracticeIn) -> None:
        assert len(_sheet(written("xlsx", content))) == 2


class TestCitations:
    @many
    @given(content=contents)
    def test_ris_reads_back_the_same(self, content: PracticeIn) -> None:
        data = written("ris", content, content).decode()
        found = rispy.loads(data)
        work = citation(stored(without_hidden(content)))
        assert len(found) == 2
        for item in found:
            assert item["type_of_reference"] == work.type.ris
            assert item.get("title", "") == work.title
            assert item.get("abstract", "") == work.abstract
            assert item.get("authors", []) == [name for name in work.authors if name]
            assert item.get("keywords", []) == [word for word in work.keywords if word]
            assert item.get("year", "") == work.date[:4]
            flat = (
                [url for part in item.get("urls", []) for url in part]
                if any(isinstance(part, list) for part in item.get("urls", []))
                else item.get("urls", [])
            )
            assert [url.replace("%3B", ";") for url in flat] == list(work.urls)

    @many
    @given(content=contents)
    def test_bibtex_reads_back_the_same(self, content: PracticeIn) -> None:
        data = written("bibtex", content).decode()
        library = parse_string(data)
        assert not library.failed_blocks
        (item,) = library.entries
        work = citation(stored(without_hidden(content)))
        fields = {key: field.value for key, field in item.fields_dict.items()}
        assert item.entry_type == work.type.bibtex
        assert as_bibtex.unescape(fields.get("title", "{}")[1:-1]) == work.title
        assert as_bibtex.unescape(fields.get("abstract", "")) == work.abstract
        assert as_bibtex.unescape(fields.get("note", "")) == work.note
        # Braces that TeX counts must balance, or the rest of the file is swallowed.
        assert data.count("{") == data.count("}")

    @given(text=st.text())
    def test_bibtex_escaping_is_undone_exactly(self, text: str) -> None:
        escaped = as_bibtex.escape(text)
        assert as_bibtex.unescape(escaped) == text
        assert not re.search(r"(?<!\\)[&%$#_~^]", escaped)

    def test_a_name_with_and_in_it_is_one_author(self) -> None:
        content = practice(authors=["Crime and Disorder Unit", "Smith, Ann"])
        assert (
            "author = {{Crime and Disorder Unit} and Smith, Ann}"
            in written("bibtex", content).decode()
        )

    @pytest.mark.parametrize(
        ("record_type", "ris", "bibtex", "csl"),
        [
            ("project", "RPRT", "techreport", "report"),
            ("guide", "RPRT", "techreport", "report"),
            ("paper", "RPRT", "techreport", "report"),
            ("award-entry", "RPRT", "techreport", "report"),
            ("standard", "STAND", "misc", "standard"),
            ("dataset", "DATA", "misc", "dataset"),
            ("idea", "GEN", "misc", "document"),
        ],
    )
    def test_item_types(self, record_type: str, ris: str, bibtex: str, csl: str) -> None:
        content = practice(record_type=record_type)
        assert written("ris", content).decode().startswith(f"TY  - {ris}\r\n")
        assert written("bibtex", content).decode().startswith(f"@{bibtex}{{")
        assert json.loads(written("csljson", content))[0]["type"] == csl

    def test_award_entry_says_its_year_and_level(self) -> None:
        content = entry(awards=[{"scheme": "goldstein", "year": 1999, "level": "winner"}])
        (item,) = json.loads(written("csljson", content, door="harvest"))
        assert item["issued"] == {"date-parts": [[1999]]}
        assert item["genre"] == "Award entry (winner)"
        assert item["author"] == [{"literal": "Harbour Police Department"}]
        assert item["URL"] == "https://example.org/one.pdf"

    def test_licence_and_source_go_along(self) -> None:
        content = entry(licence="mit")
        assert (
            "Licence: MIT licence. Source: pop-datasets https://example.org/one.pdf"
            in written("ris", content).decode()
        )
        assert json.loads(written("csljson", content))[0]["license"] == "MIT licence"
        assert "Licence: MIT licence" in written("bibtex", content).decode()

    def test_no_year_is_made_up_from_a_start(self) -> None:
        elsewhere = json.loads(written("csljson", practice(started="2004"), door="harvest"))[0]
        assert "issued" not in elsewhere

    def test_our_own_account_is_by_this_site_not_by_those_it_tells_of(self, home: Path) -> None:
        partners = [{"organisation": "Marsh Lane Council", "roles": ["lead"]}]
        ours = citation(stored(practice(partners=partners)))
        theirs = citation(stored(practice(partners=partners), door="harvest"))
        assert ours.authors == ("Safer Practice",)
        assert ours.date
        assert theirs.authors == ("Marsh Lane Council",)

    def test_what_was_written_here_is_cited_here(
        self, monkeypatch: pytest.MonkeyPatch, home: Path
    ) -> None:
        monkeypatch.setenv("KB_BASE_URL", "https://practice.example")
        kb_settings.cache_clear()
        urls = citation(stored(entry(id="nights"))).urls
        assert urls == ("https://practice.example/records/nights", "https://example.org/one.pdf")
        assert citation(stored(entry(id="nights"), door="harvest")).urls == urls[::-1]


class TestReading:
    def test_markdown_has_card_sections_results_and_references(self) -> None:
        text = written("markdown", practice(licence="ogl-3")).decode()
        assert text.startswith("# Alley gates against burglary in Marsh Lane\n")
        assert "- **Result:** Recorded crime: probably better (how sure: low)" in text
        assert "- **Contact:** Not reported" in text
        for heading in ("Scanning", "Analysis", "Response", "Assessment"):
            assert f"\n## {heading}\n" in text
        assert "| Outcome | Measure | Before | After | Result | How sure | Why this sure |" in text
        assert "\n1. Citation: A made-up report for tests\n" in text
        assert "*Licence of the original: Open Government Licence 3.0.*" in text

    def test_markdown_of_a_text_has_no_marks_of_its_own(self) -> None:
        hostile = "<script>alert(1)</script> [x](javascript:1) **b** `c` | d\n# e\n1. f\n- g"
        text = as_markdown.escape(hostile)
        assert not re.search(r"(?<!\\)[<\[`|*]", text)
        assert not re.search(r"^\s*(#|-|\d+\.)", text, re.MULTILINE)

    def test_suggested_terms_say_that_they_are_suggested(self) -> None:
        tag = {"field_name": "problem_types", "code": "burglary-dwelling", "confidence": 0.7}
        text = written("markdown", practice(suggested_tags=[tag])).decode()
        label = vocabulary("problem_types").label("burglary-dwelling")
        assert f"Problem: {label} (suggested, 70% sure)" in text

    def test_word_has_real_headings_and_a_marked_table_header(self) -> None:
        document = docx.Document(io.BytesIO(written("docx", practice(), entry())))
        heads = [(p.style.name, p.text) for p in document.paragraphs if "Heading" in p.style.name]
        assert heads[0] == ("Heading 1", "Alley gates against burglary in Marsh Lane")
        assert ("Heading 2", "Assessment") in heads
        assert ("Heading 1", "Quiet Nights on Harbour Street") in heads
        results = next(t for t in document.tables if t.rows[0].cells[0].text == "Outcome")
        assert "tblHeader" in results.rows[0]._tr.xml
        assert document.core_properties.author == kb_settings().site_name

    @many
    @given(content=contents)
    def test_word_opens_whatever_the_text(self, content: PracticeIn) -> None:
        document = docx.Document(io.BytesIO(written("docx", content)))
        assert document.paragraphs[0].style.name == "Heading 1"

    @many
    @given(content=contents)
    def test_markdown_can_be_written_whatever_the_text(self, content: PracticeIn) -> None:
        assert written("markdown", content).decode().startswith("# ")


def _sheet(data: bytes) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return [list(row) for row in book["Records"].iter_rows(values_only=True)]


def _office_text(name: str, data: bytes) -> str:
    if name == "xlsx":
        return "\n".join(str(cell) for row in _sheet(data) for cell in row)
    return "\n".join(p.text for p in docx.Document(io.BytesIO(data)).paragraphs)


def test_columns_are_named_once() -> None:
    assert len(set(COLUMNS)) == len(COLUMNS)
