"""Imports: every door a file can come in by, and what happens to files that are wrong."""

import csv
import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import delete, func, select

from kb import imports
from kb.audit import AuditEntry
from kb.database import session_scope
from kb.directory.models import RecordSource
from kb.errors import FileUnreadable
from kb.exports import exporters
from kb.imports import ImportReport, readers
from kb.imports.document import record_from
from kb.records import Practice, PracticeIn, service
from kb.records.models import Record, RecordKey, RecordRevision
from kb.records.rules import check
from kb.settings import PROJECT
from tests.conftest import need
from tests.factories import entry, practice

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return make


def bring_in(path: Path, **options: Any) -> ImportReport:
    return imports.import_file(path, actor="librarian", **options)


def all_records() -> list[Practice]:
    with session_scope() as session:
        ids = sorted(session.exec(select(Record.id)).all())
        return list(service.load(session, ids))


def the_record() -> Practice:
    (found,) = all_records()
    return found


def save(content: PracticeIn, door: Any = "form", state: str = "published") -> str:
    with session_scope(write=True) as session:
        return service.save(session, content, door=door, actor="somebody", state=state).id


def counted() -> tuple[int, ...]:
    tables = (Record, RecordRevision, RecordSource, RecordKey, AuditEntry)
    with session_scope() as session:
        return tuple(
            session.exec(select(func.count()).select_from(table)).one() for table in tables
        )


def as_yaml(*contents: PracticeIn) -> str:
    rows = [content.snapshot() for content in contents]
    return yaml.safe_dump(rows[0] if len(rows) == 1 else rows, allow_unicode=True)


def table(rows: list[dict[str, str]], **options: Any) -> str:
    header = list(dict.fromkeys(name for row in rows for name in row))
    sign = options.get("delimiter", ",")

    def line(cells: list[str]) -> str:
        return sign.join('"' + cell.replace('"', '""') + '"' for cell in cells)

    return "\n".join([line(header), *(line([row.get(n, "") for n in header]) for row in rows)])


def flat(**changes: str) -> dict[str, str]:
    """A complete row as a person fills it in, with labels where that is easier."""
    (made,) = csv.DictReader(
        exporters()["csv"].write([_unsaved(practice())]).decode("utf-8-sig").splitlines()
    )
    kept = {name: text for name, text in made.items() if text and name in PracticeIn.model_fields}
    kept.pop("id", None)
    return {**kept, **changes}


def _unsaved(content: PracticeIn) -> Practice:
    from tests.kb.test_exports import stored

    return stored(content)


def test_a_new_module_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "from_lines.py").write_text(
        "from kb.imports import Row\n"
        "NAME, LABEL, EXTENSIONS, DOOR = 'lines', 'Lines', ('.lines',), 'import'\n"
        "def read(path):\n"
        "    yield Row(1, {'title': path.read_text()})\n"
    )
    monkeypatch.setattr(imports, "__path__", [*imports.__path__, str(tmp_path)])
    assert readers()["lines"].extensions == (".lines",)


class TestRecords:
    def test_one_yaml_record(self, store: Path, write: Write) -> None:
        report = bring_in(write("one.yaml", as_yaml(practice())))
        assert report.counts == {"created": 1}
        assert the_record().content.model_copy(update={"id": ""}) == practice()
        assert the_record().state == "published"

    def test_the_same_file_twice_changes_nothing(self, store: Path, write: Write) -> None:
        for name, text in {
            "a.yaml": as_yaml(practice(), practice(title="Another piece of work")),
            "b.csv": table([flat(title="Third"), flat(title="Fourth")]),
            "c.json": json.dumps([entry(id="five").snapshot()]),
        }.items():
            path = write(name, text)
            bring_in(path)
            before = counted()
            assert set(bring_in(path).counts) == {"same"}
            assert counted() == before
        assert len(all_records()) == 5

    def test_a_changed_row_changes_its_record(self, store: Path, write: Write) -> None:
        bring_in(write("a.csv", table([flat(harm="Homes lost")])))
        report = bring_in(write("a.csv", table([flat(harm="Homes and savings lost")])))
        assert report.counts == {"changed": 1}
        assert the_record().version == 2
        assert the_record().content.harm == "Homes and savings lost"

    def test_a_row_without_id_does_not_overwrite_what_somebody_wrote(
        self, store: Path, write: Write
    ) -> None:
        path = write("a.csv", table([flat(harm="Homes lost")]))
        bring_in(path)
        save(the_record().content.model_copy(update={"fear": "Written on the site"}))
        report = bring_in(path)
        assert "give its id to change it" in report.failed[0].message
        assert the_record().content.fear == "Written on the site"

    def test_the_same_record_twice_in_a_file_is_refused(self, store: Path, write: Write) -> None:
        report = bring_in(write("a.csv", table([flat(), flat(harm="Other")])))
        assert [row.number for row in report.failed] == [3]
        assert "the same record as row 2" in report.failed[0].message
        assert all_records() == []

    def test_a_failed_row_names_field_rule_and_value(self, store: Path, write: Write) -> None:
        report = bring_in(write("a.csv", table([flat(), flat(title="B", scale="galaxy")])))
        (row,) = report.failed
        assert (row.number, row.title) == (3, "B")
        assert "scale: 'galaxy' is not a term of" in row.message
        assert "(given: 'galaxy')" in row.message
        assert "row 3" in report.as_text()
        assert "Nothing was kept" in report.as_text()

    def test_rules_of_the_store_count_too(self, store: Path, write: Write) -> None:
        bad = practice(awards=[{"scheme": "no-such-award", "year": 2001}])
        report = bring_in(write("a.yaml", as_yaml(bad)))
        assert "awards.1.scheme: not a known award scheme" in report.failed[0].message

    def test_all_or_nothing_unless_told_otherwise(self, store: Path, write: Write) -> None:
        rows = [flat(title=f"Work number {n}", scale="galaxy" if n == 3 else "") for n in range(6)]
        path = write("a.csv", table(rows))
        before = counted()
        assert not bring_in(path).kept
        assert counted() == before
        report = bring_in(path, skip_bad=True)
        assert report.kept
        assert report.counts == {"created": 5, "failed": 1}
        assert len(all_records()) == 5

    def test_dry_run_says_what_the_real_run_does(self, store: Path, write: Write) -> None:
        bring_in(write("first.csv", table([flat(title="Work number 1")])))
        rows = [
            flat(title=f"Work number {n}", **({"scale": "galaxy"} if n % 33 == 5 else {}))
            for n in range(100)
        ]
        path = write("a.csv", table(rows))
        before = counted()
        dry = bring_in(path, dry_run=True, skip_bad=True)
        assert counted() == before
        real = bring_in(path, skip_bad=True)
        assert dry.rows == real.rows
        assert real.counts == {"created": 96, "same": 1, "failed": 3}
        assert (dry.kept, real.kept) == (False, True)
        assert "Dry run, nothing kept" in dry.as_text()

    def test_a_draft_may_lack_what_publishing_needs(self, store: Path, write: Write) -> None:
        thin = {"title": "Only a title yet"}
        report = bring_in(write("a.csv", table([thin])))
        assert "needed: Summary" in report.failed[0].message
        assert "'draft'" in report.failed[0].message
        bring_in(write("a.csv", table([{**thin, "state": "draft"}])))
        assert the_record().state == "draft"

    def test_unknown_state_and_door_are_refused(self, store: Path, write: Write) -> None:
        rows = [flat(state="famous"), flat(title="B", door="window")]
        messages = [row.message for row in bring_in(write("a.csv", table(rows))).failed]
        assert "state: one of draft" in messages[0]
        assert "door: one of form" in messages[1]

    def test_the_import_is_in_the_audit_with_what_it_made(self, store: Path, write: Write) -> None:
        bring_in(write("a.yaml", as_yaml(practice())))
        with session_scope() as session:
            (note,) = session.exec(
                select(AuditEntry).where(AuditEntry.action == "records.imported")
            ).all()
        assert note.actor == "librarian"
        assert note.detail["file"] == "a.yaml"
        assert note.detail["created"] == [the_record().id]


class TestOwnExport:
    @pytest.mark.parametrize("name", ["json", "csv"])
    def test_out_and_back_into_an_empty_store(self, name: str, store: Path, write: Write) -> None:
        save(practice())
        save(entry(licence="mit"), door="harvest", state="published-unverified")
        save(practice(title="A draft"), state="draft")
        before = all_records()
        data = exporters()[name].write(before)
        with session_scope(write=True) as session:
            for kind in (RecordSource, RecordKey, RecordRevision, Record):
                session.exec(delete(kind))
        bring_in(write(f"all.{name}", data))
        told = [(r.id, r.state, r.door, r.content) for r in all_records()]
        assert told == [(r.id, r.state, r.door, r.content) for r in before]

    @pytest.mark.parametrize("name", ["json", "csv", "yaml"])
    def test_back_over_itself_changes_nothing(self, name: str, store: Path, write: Write) -> None:
        save(practice())
        save(entry(), door="harvest", state="published-unverified")
        data = exporters()[name].write(all_records())
        before = counted()
        assert bring_in(write(f"all.{name}", data)).counts == {"same": 2}
        assert counted() == before

    def test_what_an_export_keeps_back_is_not_deleted_by_it(
        self, store: Path, write: Write
    ) -> None:
        kept = practice(
            licence="all-rights",
            body=[{"heading": "One", "text": "Kept words"}],
            contacts=[{"role": "Lead", "person": "Una Unasked"}],
        )
        save(kept)
        (row,) = json.loads(exporters()["json"].write(all_records()))
        assert "body" not in row
        row["harm"] = "Homes lost"
        assert bring_in(write("all.json", json.dumps([row]))).counts == {"changed": 1}
        content = the_record().content
        assert content.harm == "Homes lost"
        assert content.body == kept.body
        assert content.contacts == kept.contacts

    def test_an_old_export_does_not_undo_later_edits(self, store: Path, write: Write) -> None:
        record_id = save(practice())
        (row,) = json.loads(exporters()["json"].write(all_records()))
        save(practice(id=record_id, harm="Written later"))
        row["fear"] = "Written in the table"
        report = bring_in(write("all.json", json.dumps([row])))
        assert "is now at version 2" in report.failed[0].message
        assert the_record().content.harm == "Written later"

    def test_a_record_keeps_its_state(self, store: Path, write: Write) -> None:
        save(practice())
        (row,) = json.loads(exporters()["json"].write(all_records()))
        with session_scope(write=True) as session:
            session.get_one(Record, row["id"]).state = "withdrawn"
        row["harm"] = "Homes lost"
        bring_in(write("all.json", json.dumps([row])))
        assert the_record().state == "withdrawn"

    def test_a_restricted_record_does_not_come_in_open(self, store: Path, write: Write) -> None:
        row = {**practice(id="secret").snapshot(), "restricted": True}
        report = bring_in(write("a.json", json.dumps([row])))
        assert "restricted" in report.failed[0].message
        assert all_records() == []


class TestTable:
    def test_titles_may_head_the_columns(self, store: Path, write: Write) -> None:
        row = flat()
        row["Harm done"] = "Homes lost"
        row["place.country"] = "Scotland"
        row["place.name"] = "Leith"
        del row["place"]
        report = bring_in(write("a.csv", table([row])))
        assert not report.failed, report.as_text()
        content = the_record().content
        assert content.harm == "Homes lost"
        assert content.place is not None
        assert (content.place.name, content.place.country) == ("Leith", "gb-sct")

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_delimiters_of_other_countries(self, delimiter: str, store: Path, write: Write) -> None:
        text = table([flat(harm="a, b; c\td")], delimiter=delimiter)
        assert not bring_in(write("a.csv", text)).failed
        assert the_record().content.harm == "a, b; c\td"

    def test_windows_encoding_is_read_with_a_warning(self, store: Path, write: Write) -> None:
        data = table([flat(harm="£5 at the café")]).encode("cp1252")
        report = bring_in(write("a.csv", data))
        assert the_record().content.harm == "£5 at the café"
        assert "Windows-1252" in report.as_text()

    def test_utf_16_is_read(self, store: Path, write: Write) -> None:
        bring_in(write("a.csv", table([flat(harm="£5 at the café")]).encode("utf-16")))
        assert the_record().content.harm == "£5 at the café"

    def test_unknown_columns_are_named_with_the_nearest(self, store: Path, write: Write) -> None:
        with pytest.raises(FileUnreadable, match=r"'sumary' \(did you mean 'summary'\?\)"):
            bring_in(write("a.csv", table([{"title": "A", "sumary": "B"}])))

    def test_a_column_twice_is_refused(self, store: Path, write: Write) -> None:
        with pytest.raises(FileUnreadable, match="stand twice: title"):
            bring_in(write("a.csv", "title,Title\na,b\n"))

    def test_an_open_quotation_mark_is_found(self, store: Path, write: Write) -> None:
        with pytest.raises(FileUnreadable, match="not closed"):
            bring_in(write("a.csv", 'title,harm\nA,"open\nB,x\n'))

    def test_too_many_cells_in_a_row(self, store: Path, write: Write) -> None:
        report = bring_in(write("a.csv", "title,harm\nA,b,c\n"))
        assert report.failed[0].message == "3 cells, but 2 columns"

    def test_a_cell_that_should_be_json(self, store: Path, write: Write) -> None:
        report = bring_in(write("a.csv", table([flat(results="went down")])))
        assert "results: must be a list of rows written as JSON" in report.failed[0].message

    def test_numbers_and_flags_as_people_write_them(self, store: Path, write: Write) -> None:
        row = flat(staff_fte="2.5", ongoing="Yes", volunteers="12", stigmatises="no")
        assert not bring_in(write("a.csv", table([row]))).failed
        content = the_record().content
        assert (content.staff_fte, content.ongoing, content.volunteers) == (2.5, True, 12)
        assert content.stigmatises is False


class TestBadFiles:
    @pytest.mark.parametrize("name", ["a.yaml", "a.json", "a.csv", "a.txt"])
    @pytest.mark.parametrize("data", [b"", b" \n\n"])
    def test_empty(self, name: str, data: bytes, store: Path, write: Write) -> None:
        with pytest.raises(FileUnreadable, match="empty"):
            bring_in(write(name, data))

    @pytest.mark.parametrize("name", ["a.yaml", "a.json", "a.csv", "a.txt"])
    @pytest.mark.parametrize(
        "data",
        [
            b"%PDF-1.7 \x00\x01",
            b"PK\x03\x04\x14\x00",
            b"\x00\x01\x02\x03" * 40,
            bytes(range(256)),
            b"\x89PNG\r\n\x1a\n\x00\x00",
            b"\xff\xfe\x00",
        ],
    )
    def test_binary_given_as_text(self, name: str, data: bytes, store: Path, write: Write) -> None:
        with pytest.raises(FileUnreadable):
            bring_in(write(name, data))
        assert all_records() == []

    @pytest.mark.parametrize(
        ("name", "text", "said"),
        [
            ("a.yaml", "title: [", "Not YAML"),
            ("a.yaml", "title: a\ntitle: b", "given twice"),
            ("a.yaml", "just words", "neither a record"),
            ("a.yaml", "[]", "holds no records"),
            ("a.yaml", "started: 2009-13-45", "Not YAML"),
            ("a.yaml", "!!python/object/apply:os.system ['true']", "Not YAML"),
            ("a.yaml", "title: !!python/name:os.system ''", "Not YAML"),
            ("a.yaml", "a: &x [1]\nb: *x", "write it out"),
            ("a.yaml", "[" * 5000 + "]" * 5000, "levels deep"),
            ("a.json", "[{", "line 1"),
            ("a.json", '{"title": "a", "title": "b"}', "given twice"),
            ("a.json", '[{"title": NaN}]', "NaN"),
            ("a.json", "[" * 100_000, "Not JSON"),
            ("a.json", "1" * 5000, "Not JSON"),
            ("a.csv", "who,what\na,b\n", "No such field"),
            ("a.csv", "harm\nb\n", "'title' among them"),
            ("a.csv", "title\n", "holds no records"),
            ("a.xyz", "x", "tells no format"),
        ],
    )
    def test_malformed(self, name: str, text: str, said: str, store: Path, write: Write) -> None:
        with pytest.raises(FileUnreadable, match=re.escape(said)):
            bring_in(write(name, text))
        assert all_records() == []

    def test_an_alias_bomb_is_refused_before_it_grows(self, store: Path, write: Write) -> None:
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
        with pytest.raises(FileUnreadable, match="write it out"):
            bring_in(write("bomb.yaml", "\n".join(lines)))

    def test_a_huge_document_names_the_limit(self, store: Path, write: Write) -> None:
        with pytest.raises(FileUnreadable, match="larger than 10 MB"):
            bring_in(write("a.txt", b"many words " * 1_000_000))

    def test_rows_that_are_no_records(self, store: Path, write: Write) -> None:
        report = bring_in(write("a.json", '["words", {"title": 5}, {"1": 2}]'))
        assert [row.number for row in report.failed] == [1, 2, 3]

    def test_a_folder_or_missing_file(self, store: Path, tmp_path: Path) -> None:
        for path in (tmp_path / "gone.txt", tmp_path):
            with pytest.raises(FileUnreadable):
                bring_in(path, format_name="text")

    def test_a_format_can_be_named(self, store: Path, write: Write) -> None:
        path = write("notes", "A short report\n\nBurglary fell in the streets with new gates.\n")
        assert bring_in(path, format_name="text").counts == {"created": 1}
        with pytest.raises(FileUnreadable, match="known: bibtex, csv, json"):
            bring_in(path, format_name="pages")


PAPER = """# Quiet streets

Author: Ann Example; Rob Sample
Licence: Open Government Licence 3.0
Date: 3 March 2011

## Summary

Noise fell by half. Write to ann@example.org for the data. The work cost little.

## 1. Scanning

Neighbours complained.

## 2. What we did

### First

We talked.

**Contacts**

Ring Ann.
"""


class TestDocuments:
    def test_a_marked_up_paper(self, store: Path, write: Write) -> None:
        report = bring_in(write("quiet-streets.md", PAPER))
        record = the_record()
        content = record.content
        assert report.rows[0].outcome == "created"
        assert (record.door, record.state) == ("document", "draft")
        assert (content.record_type, content.title) == ("paper", "Quiet streets")
        assert content.authors == ["Ann Example", "Rob Sample"]
        assert content.published_on == "2011-03-03"
        assert content.licence == "ogl-3"
        assert content.read == "full"
        assert content.summary == "Noise fell by half. The work cost little."
        assert content.contacts == []
        assert [part.heading for part in content.body] == [
            "Summary",
            "1. Scanning",
            "2. What we did: First",
            "2. What we did: Contacts",
            "About this document",
        ]
        item = content.provenance[0]
        assert (item.source, item.external_id) == ("imported-document", "quiet-streets")

    def test_lines_standing_alone_are_headings_in_plain_text(self) -> None:
        text = (
            "A study of gates\n\nBackground\n\nAlleys were open and used.\n\n"
            "1. What was done\n\nGates were put up at both ends of every alley in the ward.\n\n"
            "1. keys were given out\n\n2. gates were locked\n\n"
            "Results\n\nBurglary fell by a third.\n"
        )
        found = record_from(text, file_name="gates.txt", data=b"")
        assert found["title"] == "A study of gates"
        assert [part["heading"] for part in found["body"]] == [
            "Background",
            "1. What was done",
            "Results",
        ]

    def test_a_standard_is_told_by_its_parts_though_damaged(self) -> None:
        text = (
            "Overview\n\nThis is about gates.\n\nPerformance criter\tria\n\n1. fit gates\n\n"
            "Knowledge and under-standing\n\n1. locks\n\nOriginal URN\tABC12\n"
        )
        found = record_from(text, file_name="fit-gates.txt", data=b"")
        assert found["record_type"] == "standard"
        assert found["keywords"] == ["ABC12"]

    def test_one_sentence_of_a_practice_is_kept(self, store: Path, write: Write) -> None:
        bring_in(write("tiny.txt", "Wardens in the park cut drinking by half in 2019."))
        assert "Wardens" in the_record().content.body[0].text

    @pytest.mark.parametrize(
        "text", ["word", "asdf jkl; qwer tyuiop\nlkjh gfds", "Eggs\n- milk\n- 6 apples\n- bread"]
    )
    def test_what_tells_of_no_project_is_refused(
        self, text: str, store: Path, write: Write
    ) -> None:
        with pytest.raises(FileUnreadable, match="Nothing of a project could be read"):
            bring_in(write("tiny.txt", text))
        assert all_records() == []

    def test_twice_changes_nothing_and_a_new_edition_changes_it(
        self, store: Path, write: Write
    ) -> None:
        path = write("quiet-streets.md", PAPER)
        bring_in(path)
        before = counted()
        assert bring_in(path).counts == {"same": 1}
        assert counted() == before
        path.write_text(PAPER.replace("We talked.", "We talked and listened."))
        assert bring_in(path).counts == {"changed": 1}
        assert the_record().version == 2

    def test_two_documents_of_one_file_name_are_two_records(
        self, store: Path, write: Write
    ) -> None:
        first = write("2001/report.md", PAPER)
        second = write("2002/report.md", PAPER.replace("Quiet streets", "Safer parks"))
        for path in (first, second, first, second):
            report = bring_in(path)
        assert report.counts == {"same": 1}
        assert {record.content.title for record in all_records()} == {
            "Quiet streets",
            "Safer parks",
        }

    def test_one_document_in_two_files_is_one_record(self, store: Path, write: Write) -> None:
        bring_in(write("a.md", PAPER))
        report = bring_in(write("copy-of-a.md", PAPER))
        assert report.counts == {"same": 1}
        assert "another name" in report.as_text()
        assert report.rows[0].id == the_record().id

    def test_what_people_edited_is_left_alone(self, store: Path, write: Write) -> None:
        path = write("quiet-streets.md", PAPER)
        bring_in(path)
        edited = the_record().content.model_copy(update={"summary": "Put better by a person."})
        save(edited, state="draft")
        path.write_text(PAPER.replace("We talked.", "We talked and listened."))
        report = bring_in(path)
        assert "left alone" in report.as_text()
        assert the_record().content.summary == "Put better by a person."

    def test_its_text_does_not_leave_and_its_export_does_not_delete_it(
        self, store: Path, write: Write
    ) -> None:
        bring_in(write("a.md", PAPER.replace("Licence: Open Government Licence 3.0\n", "")))
        data = exporters()["json"].write(all_records())
        assert b"We talked" not in data
        assert bring_in(write("all.json", data)).counts == {"same": 1}
        assert len(the_record().content.body) == 5

    @settings(max_examples=200, deadline=None)
    @given(
        st.lists(
            st.one_of(
                st.text(max_size=40),
                st.sampled_from(
                    [
                        "",
                        "",
                        "# A",
                        "**B**",
                        "Overview",
                        "Title: x",
                        "Author:\tY",
                        "1. z",
                        "C",
                        "D:",
                    ]
                ),
            ),
            max_size=25,
        ).map("\n".join)
    )
    def test_any_text_makes_a_record_that_may_be_saved_or_is_refused(self, text: str) -> None:
        try:
            found = record_from(text, file_name="any.txt", data=text.encode("utf-8", "replace"))
        except FileUnreadable:
            return
        content = service.parse(found)
        assert check(content, door="document", step="publish") == []


def _client_documents() -> list[Path]:
    """The client's five documents, which are not part of the project."""
    data = os.environ.get("KB_DATA")
    folder = (Path(data).parent if data else PROJECT.parent / "shared") / "seeds"
    need(folder.is_dir(), "the client's documents are not here (set KB_DATA to the folder beside)")
    return sorted(folder.glob("*.txt"))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{3,}", text.lower()))


class TestClientDocuments:
    def test_they_are_read_whole_as_standards_and_papers(self) -> None:
        paths = _client_documents()
        told = {}
        for path in paths:
            found = record_from(path.read_text(), file_name=path.name, data=path.read_bytes())
            content = service.parse(found)
            assert check(content, door="document", step="publish") == []
            told[content.provenance[0].external_id] = content
        kinds = {name: (content.record_type, content.title) for name, content in told.items()}
        assert kinds == {
            "kirklees-asset-based-approach": (
                "paper",
                "Developing an Asset Based Approach to Safer Communities",
            ),
            "nos-ba12-address-problems": (
                "standard",
                "Address problems identified with community safety and social inclusion",
            ),
            "nos-ba13-enable-communities": (
                "standard",
                (
                    "Enable groups, communities and organisations to address issues which affect "
                    "community safety and social inclusion"
                ),
            ),
            "nos-ba9-contribute-to-strategies": (
                "standard",
                "Contribute to strategies for promoting community justice and social inclusion",
            ),
            "thames-valley-good-practice-2009": (
                "paper",
                "Good Practice in Community Safety Work Sharing, Finding and Using",
            ),
        }
        assert told["kirklees-asset-based-approach"].authors == ["Carol Gilchrist"]
        dates = {name: content.published_on for name, content in told.items()}
        assert dates["nos-ba12-address-problems"] == "2010-05"
        assert dates["nos-ba13-enable-communities"] == "2015-08"
        assert dates["thames-valley-good-practice-2009"] == "2009-01"
        standards = [content for content in told.values() if content.record_type == "standard"]
        assert {content.publisher for content in standards} == {"Skills for Justice"}
        for content in told.values():
            assert (content.licence, content.read) == ("unknown", "full")
            assert content.summary
            assert "@" not in content.summary
            assert content.contacts == []
            assert len(content.body) >= 6
        for path in paths:
            content = told[path.stem]
            text = " ".join(f"{part.heading} {part.text}" for part in content.body)
            kept = _words(f"{content.title} {text} {' '.join(content.keywords)}")
            # "criter<tab>ria" is put right to "criteria"; "Title:" is a label, not text.
            assert _words(path.read_text()) - kept <= {"criter", "ria", "title"}

    def test_twice_changes_nothing(self, store: Path) -> None:
        path = min(_client_documents(), key=lambda path: path.stat().st_size)
        assert bring_in(path).counts == {"created": 1}
        before = counted()
        assert bring_in(path).counts == {"same": 1}
        assert counted() == before
