"""A backup restores to exactly what was there; a damaged one touches nothing."""

import json
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, MetaData, select

from kb import migrations
from kb.backup import restore_backup, write_backup
from kb.database import engine, session_scope
from kb.directory.gaps import note_gap
from kb.errors import FileUnreadable, InputInvalid
from kb.records import service
from kb.seeding import SeedReport, seed_directory
from kb.settings import settings
from tests.factories import entry, practice


def _fill() -> None:
    with session_scope(write=True) as session:
        seed_directory(session, SeedReport())
    with session_scope(write=True) as session:
        service.save(session, practice(id="gates"), door="file", actor="ann", state="published")
        service.save(
            session,
            entry(title="Ruhe bei Nacht · 夜の\u2028静けさ"),
            door="harvest",
            actor="crawler",
            state="published-unverified",
        )
        note_gap(session, "catapults", {})  # a row with days
    folder = settings().home / "files" / "ab"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.pdf").write_bytes(b"\x00plan")


def _tables() -> dict[str, list[str]]:
    found = MetaData()
    with engine().connect() as connection:
        found.reflect(connection)
        return {
            table.name: sorted(str(tuple(row)) for row in connection.execute(select(table)))
            for table in found.sorted_tables
            if table.name != "job"
        }


def test_backup_wipe_restore_is_the_same(empty_store: Engine, tmp_path: Path) -> None:
    migrations.upgrade()
    _fill()
    before = _tables()
    write_backup(tmp_path / "b.zip")
    with session_scope(write=True) as session:
        service.save(session, practice(id="later"), door="file", actor="bob", state="published")
    (settings().home / "files" / "ab" / "plan.pdf").write_bytes(b"changed")
    restore_backup(tmp_path / "b.zip", replace=True)
    assert _tables() == before
    assert (settings().home / "files" / "ab" / "plan.pdf").read_bytes() == b"\x00plan"
    with session_scope(write=True) as session:  # numbering goes on where it stood
        service.save(session, practice(id="after"), door="file", actor="bob", state="published")


def test_a_store_in_use_is_not_given_up_by_accident(store: Path, tmp_path: Path) -> None:
    _fill()
    write_backup(tmp_path / "b.zip")
    with pytest.raises(InputInvalid, match="--replace"):
        restore_backup(tmp_path / "b.zip")


def test_a_damaged_backup_touches_nothing(store: Path, tmp_path: Path) -> None:
    _fill()
    before = _tables()
    good, bad = tmp_path / "b.zip", tmp_path / "bad.zip"
    write_backup(good)
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            target.writestr(
                info, data + b"{}\n" if info.filename == "tables/record.jsonl" else data
            )
    with pytest.raises(InputInvalid, match="damaged"):
        restore_backup(bad, replace=True)
    (tmp_path / "no.zip").write_text("not a zip")
    with pytest.raises(FileUnreadable):
        restore_backup(tmp_path / "no.zip", replace=True)
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as target:
        target.writestr("manifest.json", json.dumps({"format": 1}))
    with pytest.raises(FileUnreadable):
        restore_backup(tmp_path / "empty.zip", replace=True)
    assert _tables() == before
