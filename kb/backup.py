"""Backup and restore: everything in the store, in one file that either database can read.

A backup is a zip: `manifest.json`, one JSON-lines file per table, and the files people uploaded.
The search index is left out; it is made anew from the store.
"""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, Table, func, insert, select, text
from sqlalchemy.engine import Connection

from kb import jobs, migrations
from kb.database import engine, engine_for, now, session_scope
from kb.errors import FileUnreadable, InputInvalid
from kb.settings import settings
from kb.whole_files import written_whole

FORMAT = 1
_BATCH = 500


def write_backup(path: Path) -> dict[str, int]:
    """Write a backup of the store as it is at this moment; returns rows per table.

    The file appears whole or not at all.
    """
    with written_whole(path) as temporary:
        return _write(temporary)


def _write(path: Path) -> dict[str, int]:
    counts: dict[str, int] = {}
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with engine().connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            for table in _tables(connection):
                lines = list(_rows(connection, table))
                data = "".join(lines).encode()
                name = f"tables/{table.name}.jsonl"
                archive.writestr(name, data)
                counts[table.name] = len(lines)
                hashes[name] = hashlib.sha256(data).hexdigest()
        for file in sorted(_files_folder().rglob("*")):
            if file.is_file():
                name = f"files/{file.relative_to(_files_folder()).as_posix()}"
                archive.write(file, name)
                hashes[name] = hashlib.sha256(file.read_bytes()).hexdigest()
        manifest = {
            "format": FORMAT,
            "made_at": now().isoformat(),
            "revision": migrations.current(),
            "counts": counts,
            "sha256": hashes,
        }
        archive.writestr("manifest.json", json.dumps(manifest, indent=2))
    return counts


def restore_backup(path: Path, *, replace: bool = False) -> dict[str, int]:
    """Make the store what it was when the backup was written; returns rows per table.

    The backup is checked whole before anything is touched. Raises InputInvalid when the store
    already holds records and `replace` is not given, or when a worker or site is running.
    """
    if jobs.worker_runs():
        raise InputInvalid("Stop `kb serve` and `kb worker` first; they would work on both stores.")
    with _opened(path) as archive:
        manifest = _checked(archive, path)
        if not replace and _holds_something():
            raise InputInvalid(
                "This store already holds something. Use --replace to give it up for the backup, "
                "or set KB_HOME to a new folder."
            )
        if engine().dialect.name == "sqlite":
            _into_new_sqlite(archive, manifest)
        else:
            migrations.downgrade(engine(), "base")
            _load(engine(), archive, manifest)
        _restore_files(archive)
    with session_scope(write=True) as session:
        jobs.index_soon(session)
    counts: dict[str, int] = manifest["counts"]
    return counts


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are, those that others point to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _rows(connection: Connection, table: Table) -> Iterator[str]:
    order = list(table.primary_key.columns)
    for row in connection.execute(select(table).order_by(*order)).mappings():
        yield json.dumps(dict(row), default=_plain, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"a backup cannot hold {type(value).__name__}")


def _files_folder() -> Path:
    return settings().home / "files"


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise FileUnreadable(
            f"{path} is not a backup: {error}. Give a file that `kb backup` wrote."
        ) from error


def _checked(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
        if manifest["format"] != FORMAT:
            raise InputInvalid(f"{path} is of a backup format that this version does not know.")
        for name, wanted in manifest["sha256"].items():
            if hashlib.sha256(archive.read(name)).hexdigest() != wanted:
                raise InputInvalid(f"{path} is damaged: {name} is not what was written.")
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise FileUnreadable(f"{path} is not a whole backup: {error}") from error
    return manifest


def _holds_something() -> bool:
    if migrations.current() is None:
        return False
    with engine().connect() as connection:
        return connection.execute(text("SELECT 1 FROM record LIMIT 1")).first() is not None


def _into_new_sqlite(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Fill a new database file beside the old, then put it in its place in one step."""
    target = Path(str(engine().url.database))
    fresh = target.with_name(target.name + ".restoring")
    for ending in ("", "-wal", "-shm"):  # what a restore that was broken off left
        Path(f"{fresh}{ending}").unlink(missing_ok=True)
    made = engine_for(f"sqlite:///{fresh}")
    _load(made, archive, manifest)
    with made.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # the journal mode cannot change in a transaction
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
    made.dispose()
    engine().dispose()
    for leftover in (f"{target}-wal", f"{target}-shm"):
        Path(leftover).unlink(missing_ok=True)
    fresh.replace(target)
    engine_for.cache_clear()


def _load(bound: Engine, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Fill an empty database at the backup's version, then bring it up to this one."""
    migrations.upgrade(bound, manifest["revision"])
    with bound.begin() as connection:
        for table in _tables(connection):
            lines = archive.read(f"tables/{table.name}.jsonl").decode().split("\n")
            rows = [_typed(table, json.loads(line)) for line in lines if line]
            for start in range(0, len(rows), _BATCH):
                connection.execute(insert(table), rows[start : start + _BATCH])
            _continue_numbering(connection, table)
    migrations.upgrade(bound)


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in table.columns:
        value = row.get(column.name)
        if not isinstance(value, str):
            continue
        kind = column.type.python_type if column.type.__visit_name__ != "JSONB" else dict
        if kind is datetime:
            row[column.name] = datetime.fromisoformat(value)
        elif kind is date:
            row[column.name] = date.fromisoformat(value)
        elif kind is bytes:
            row[column.name] = bytes.fromhex(value)
    return row


def _continue_numbering(connection: Connection, table: Table) -> None:
    """PostgreSQL counts apart from the rows; the next row must not take a number in use."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        if column.server_default is not None or column.autoincrement is True:
            highest = connection.execute(select(func.max(column))).scalar() or 0
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :column), :next, false)"),
                {"table": f'"{table.name}"', "column": column.name, "next": highest + 1},
            )


def _restore_files(archive: zipfile.ZipFile) -> None:
    folder = _files_folder()
    fresh = folder.with_name("files.restoring")
    shutil.rmtree(fresh, ignore_errors=True)
    for info in archive.infolist():
        if not info.filename.startswith("files/") or info.is_dir():
            continue
        target = (fresh / info.filename.removeprefix("files/")).resolve()
        if not target.is_relative_to(fresh.resolve()):
            raise InputInvalid(f"The backup holds a file outside its folder: {info.filename}")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read(info))
    shutil.rmtree(folder, ignore_errors=True)
    if fresh.exists():
        fresh.replace(folder)
