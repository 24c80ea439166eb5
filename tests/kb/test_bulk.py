"""Bulk imports: spreadsheets, references, mapped columns, dry runs that are true, undoing."""

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlmodel import select

from kb.audit import AuditEntry
from kb.database import engine, rehearsal, session_scope
from kb.errors import FileUnreadable
from kb.exports import exporters
from kb.imports import history, import_file, readers
from kb.imports.grid import ColumnsUnknown
from kb.records import service
from kb.records.models import Record
from kb.store_tables import metadata
from tests.factories import entry, practice

COLUMNS = ("title", "record_type", "state", "started", "place.name", "place.country", "keywords")


def row(number: int, **changes: str) -> dict[str, str]:
    data = dict.fromkeys(COLUMNS, "")
    data |= {
        "title": f"Lamps in street number {number}",
        "record_type": "project",
        "state": "draft",
        "started": str(1990 + number % 30),
        "place.name": f"Street {number}",
        "place.country": "gb-eng",
        "keywords": "lamps; light",
    }
    return {**data, **changes}


def write_csv(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_xlsx(path: Path, rows: list[list[Any]]) -> Path:
    book = Workbook()
    for cells in rows:
        book.active.append(cells)
    book.save(path)
    return path


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """The whole store but what records that something was done."""
    apart = {"audit_entry", "job", "import_run", "import_mapping"}
    with engine().connect() as connection:
        return {
            table.name: sorted(tuple(map(str, r)) for r in connection.execute(table.select()))
            for table in metadata.sorted_tables
            if table.name not in apart
        }


def save(content: Any, door: str = "file", state: str = "published") -> str:
    with session_scope(write=True) as session:
        return service.save(session, content, door=door, actor="t", state=state).id  # type: ignore[arg-type]


def undo(import_id: str) -> None:
    with session_scope(write=True) as session:
        history.undo(session, import_id, actor="desk")


def test_dry_run_and_real_run_agree_row_for_row_and_undo_restores_all(
    store: Path, tmp_path: Path
) -> None:
    bad = [{"started": "last year"}, {"place.country": "atlantis"}, {"record_type": "wish"}]
    chance = random.Random(1)
    rows = [
        row(number, **(chance.choice(bad) if number % 13 == 0 else {})) for number in range(150)
    ]
    rows[50] = dict(rows[49])  # the same record twice
    path = write_csv(tmp_path / "rows.csv", rows)
    save(practice(id="kept"))
    before = everything()
    dry = import_file(path, dry_run=True, actor="desk")
    assert everything() == before
    assert not dry.kept
    refused = import_file(path, actor="desk")
    assert refused.rows == dry.rows
    assert not refused.kept
    assert everything() == before
    real = import_file(path, skip_bad=True, actor="desk")
    assert real.rows == dry.rows
    assert len(real.failed) == 13
    assert "started" in real.failed[0].message or "country" in real.failed[0].message
    assert everything() != before
    undo(real.import_id)
    assert everything() == before
    with session_scope() as session:
        actions = session.exec(select(AuditEntry.action)).all()
    assert {"records.imported", "records.import_undone"} <= set(actions)
    with pytest.raises(history.UndoRefused, match="undone"):
        undo(real.import_id)


def test_many_rows_with_bad_ones(store: Path, tmp_path: Path) -> None:
    total, wrong = 1000, 30  # 5,000 with 150 bad ones hold too, and take a minute
    bad = [{"started": "last year"}, {"place.country": "atlantis"}, {"record_type": "wish"}]
    chance = random.Random(3)
    numbers = set(chance.sample(range(total), wrong))
    rows = [row(n, **(chance.choice(bad) if n in numbers else {})) for n in range(total)]
    path = write_csv(tmp_path / "rows.csv", rows)
    save(practice(id="kept"))
    before = everything()
    dry = import_file(path, dry_run=True, actor="desk")
    assert everything() == before
    real = import_file(path, skip_bad=True, actor="desk")
    assert real.rows == dry.rows
    assert {done.number - 2 for done in real.failed} == numbers
    assert real.counts == {"created": total - wrong, "failed": wrong}
    undo(real.import_id)
    assert everything() == before


def test_only_rows_that_do_not_say_their_state_come_in_as_drafts(
    store: Path, tmp_path: Path
) -> None:
    rows = [row(1, state=""), row(2, state="published")]
    path = write_csv(tmp_path / "rows.csv", rows)
    assert [done.outcome for done in import_file(path, dry_run=True, actor="desk").rows] == [
        "failed",
        "failed",
    ]
    report = import_file(path, skip_bad=True, as_drafts=True, actor="desk")
    assert [done.outcome for done in report.rows] == ["created", "failed"]
    assert "may leave this for later" in report.failed[0].message
    with session_scope() as session:
        assert service.get(session, report.rows[0].id).state == "draft"


def test_others_write_while_a_dry_run_goes_on(store: Path) -> None:
    with rehearsal() as session:
        service.save(session, practice(id="tried"), door="file", actor="t", state="published")
        save(practice(id="meanwhile", title="Lamps in the park"))
        assert session.get(Record, "tried") is not None
    with session_scope() as session:
        assert session.get(Record, "tried") is None
        assert session.get(Record, "meanwhile") is not None
    assert list(store.glob("rehearsal-*")) == []


def test_undoing_puts_changed_and_joined_records_back(store: Path, tmp_path: Path) -> None:
    first = save(entry(), "harvest", "published-unverified")
    save(practice(id="edited"))
    export = exporters()["json"]
    with session_scope() as session:
        records = list(service.load(session, ["edited", first]))
    text = export.write(records).decode()
    text = text.replace("Alley gates against burglary", "Iron gates against burglary")
    path = tmp_path / "changed.json"
    path.write_text(text, encoding="utf-8")
    again = tmp_path / "again.csv"
    other = entry(
        awards=[{"scheme": "goldstein", "year": 2002}],
        provenance=[{"source": "pop-datasets", "external_id": "two",
                     "document_url": "https://example.org/2.pdf"}],
    )  # fmt: skip
    before = everything()
    changed = import_file(path, actor="desk")
    assert [one.outcome for one in changed.rows] == ["changed", "same"]
    again.write_bytes(_csv_of(other))
    joined = import_file(again, actor="desk")
    assert [one.outcome for one in joined.rows] == ["joined"]
    with pytest.raises(history.ImportUnknown):
        undo("nothing")
    undo(joined.import_id)
    undo(changed.import_id)
    assert everything() == before


def test_undoing_takes_back_all_that_a_record_may_hold(store: Path, tmp_path: Path) -> None:
    full = practice(
        id="full",
        authors=["Zebedee Quirk"],
        awards=[{"scheme": "goldstein", "year": 2002}],
        contacts=[{"role": "Manager", "organisation": "Marsh Lane Council", "consent": True}],
        provenance=[{"source": "pop-datasets", "external_id": "9", "title": "Gates"}],
    )
    path = tmp_path / "full.json"
    path.write_text(json.dumps([full.snapshot()]), "utf-8")
    before = everything()
    done = import_file(path, actor="desk")
    filled = {name for name, rows in everything().items() if rows != before[name]}
    assert {"record_contact", "award_entry", "record_person", "record_organisation"} <= filled
    undo(done.import_id)
    assert everything() == before


def _csv_of(content: Any) -> bytes:
    data = content.snapshot()
    out = io.StringIO()
    names = ["title", "record_type", "partners", "awards", "provenance"]
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerow([data[n] if isinstance(data[n], str) else json.dumps(data[n]) for n in names])
    return out.getvalue().encode()


def test_what_was_changed_since_is_not_undone(store: Path, tmp_path: Path) -> None:
    done = import_file(write_csv(tmp_path / "a.csv", [row(1), row(2)]), actor="desk")
    with session_scope(write=True) as session:
        first = service.get(session, done.rows[0].id)
        content = first.content.model_copy(update={"summary": "Better lamps."})
        service.save(session, content, door="form", actor="ann", state="draft")
    before = everything()
    with pytest.raises(history.UndoRefused, match=done.rows[0].id):
        undo(done.import_id)
    assert everything() == before


def test_columns_are_mapped_once_for_each_set_of_headers(store: Path, tmp_path: Path) -> None:
    rows = [{"Project name": "Lamps in Mill Street", "record_type": "project", "state": "draft",
             "Officer": "PC Smith", "Begun": "2004"}]  # fmt: skip
    path = write_csv(tmp_path / "theirs.csv", rows)
    with pytest.raises(ColumnsUnknown) as told:
        import_file(path, actor="desk")
    assert {one.header for one in told.value.unknown} == {"Project name", "Officer", "Begun"}
    with pytest.raises(FileUnreadable, match="no field 'begun'"):
        import_file(path, mapping={"Begun": "begun"}, actor="desk")
    with pytest.raises(ColumnsUnknown, match="Begun"):
        import_file(path, mapping={"Project name": "title", "Officer": "-"}, actor="desk")
    names = {"project NAME": "title", "Officer": "-", "Begun": "started"}
    done = import_file(path, mapping=names, dry_run=True, actor="desk")
    assert [one.outcome for one in done.rows] == ["created"]
    turned = [{key: rows[0][key] for key in reversed(rows[0])}]
    again = import_file(write_csv(tmp_path / "later.csv", turned), actor="desk")
    with session_scope() as session:
        content = service.get(session, again.rows[0].id).content
    assert (content.title, content.started) == ("Lamps in Mill Street", "2004")
    assert "Smith" not in str(content.snapshot())


def test_a_workbook_comes_in_like_a_table(store: Path, tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "sheet.xlsx",
        [["Title", "Kind of record", "state", "Started", "Volunteers", ""],
         ["Lamps in Mill Street", "project", "draft", 2004, 12, None],
         [None, None, None, None, None, None],
         ["=1+1", "project", "draft", "soon", 1.5, None]],
    )  # fmt: skip
    report = import_file(path, skip_bad=True, actor="desk")
    assert [(one.number, one.outcome) for one in report.rows] == [(2, "created"), (4, "failed")]
    with session_scope() as session:
        content = service.get(session, report.rows[0].id).content
    assert (content.started, content.volunteers) == ("2004", 12)


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


HOSTILE = {
    "not a zip": ("a.xlsx", None, "not an Excel workbook"),
    "another zip": ("a.xlsx", {"word/document.xml": b"<a/>"}, "not an Excel workbook"),
    "macros": ("a.xlsx", {"xl/vbaProject.bin": b"x"}, "macros"),
    "macros by name": ("a.xlsm", {"xl/workbook.xml": b"<a/>"}, "macros"),
    "bomb": ("a.xlsx", {"xl/worksheets/sheet1.xml": b" " * 30_000_000}, "far more"),
    "entities": ("a.xlsx", {"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "entities"),
    "empty parts": (
        "a.xlsx",
        {"[Content_Types].xml": b"<a/>", "xl/worksheets/sheet1.xml": b"<a/>"},
        "cannot be read",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_workbooks_that_are_no_honest_ones_are_refused(
    store: Path, tmp_path: Path, kind: str
) -> None:
    name, parts, message = HOSTILE[kind]
    path = tmp_path / name
    if parts is None:
        path.write_bytes(b"PK no zip at all")
    else:
        packed(path, parts)
    before = everything()
    with pytest.raises(FileUnreadable, match=message):
        import_file(path, actor="desk")
    assert everything() == before


def test_links_to_other_workbooks_are_left_alone(store: Path, tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", [["title", "record_type", "state"], ["Lamps here", "project", "draft"]]
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    report = import_file(path, dry_run=True, actor="desk")
    assert "Links to other workbooks were left alone" in report.rows[0].warning


RIS = """TY  - JOUR
TI  - Gates and burglary
AU  - Gate, Ann
AU  - Lane, Bob
PY  - 2006/04/01
JO  - Journal of Lanes
DO  - 10.1000/Gates
AB  - Burglary fell.
KW  - gates
UR  - https://example.org/gates
ER  -

TY  - RPRT
AU  - Nobody
ER  -
"""
BIB = r"""@article{one, title = {G{\"a}tes and the {Burglary}}, author = {Gate, Ann and Lane, Bob},
 year = 2006, month = apr, journal = {Journal of Lanes}, doi = {10.1000/gates}}
@techreport{two, author = {Nobody}}
@misc{three, title = {broken
"""


def test_references_come_in_as_drafts(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "refs.ris"
    path.write_text(RIS, encoding="utf-8")
    report = import_file(path, skip_bad=True, actor="desk")
    assert [one.outcome for one in report.rows] == ["created", "failed"]
    assert "no title" in report.rows[1].message
    with session_scope() as session:
        found = service.get(session, report.rows[0].id)
    assert (found.state, found.content.published_on) == ("draft", "2006-04-01")
    assert found.content.authors == ["Gate, Ann", "Lane, Bob"]
    assert found.content.references[0].doi == "10.1000/Gates"
    assert "Journal of Lanes" in found.content.references[0].citation
    twin = tmp_path / "refs.bib"
    twin.write_text(BIB, encoding="utf-8")
    again = import_file(twin, skip_bad=True, actor="desk")
    # The same work by its DOI, written a little differently.
    assert again.rows[0].outcome == "failed"
    assert report.rows[0].id in again.rows[0].message
    assert [one.outcome for one in again.rows] == ["failed"] * len(again.rows)


@pytest.mark.parametrize("name", ["ris", "bibtex"])
def test_our_own_references_come_back_whole(store: Path, tmp_path: Path, name: str) -> None:
    save(practice(id="one", title="Gates & {lanes}: 50% less_burglary", authors=["Gate, Ann"]))
    exporter = exporters()[name]
    with session_scope() as session:
        data = exporter.write(service.load(session, ["one"]))
    path = tmp_path / f"x.{exporter.extension}"
    path.write_bytes(data)
    (found,) = readers()[name].read(path)
    assert found.data is not None
    assert found.data["title"] == "Gates & {lanes}: 50% less_burglary".replace(
        "{lanes}", "lanes" if name == "bibtex" else "{lanes}"
    )
    assert found.data["authors"] == ["Gate, Ann"]


@given(st.text(max_size=200))
def test_no_reference_file_breaks_a_reader(tmp_path_factory: Any, text: str) -> None:
    folder: Path = tmp_path_factory.getbasetemp()
    for name, ending in (("ris", ".ris"), ("bibtex", ".bib")):
        path = folder / f"any{ending}"
        path.write_text(f"TY  - JOUR\nTI  - {text}\nER  - \n@misc{{a, title={{{text}}}}}\n")
        reader: Callable[[Path], Any] = readers()[name].read
        try:
            list(reader(path))
        except FileUnreadable as error:
            assert str(error)
