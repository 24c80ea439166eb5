"""Workbooks that contributors hand in: the worker makes a plain table of the first sheet.

The site never opens a workbook. It hands the file in (`uploads.hand_in` with this job) and finds
the table in the answer: `found` is {"table": CSV text, "warning": what to say beside it}.
"""

import csv
import io
import shutil
import tempfile
from pathlib import Path
from typing import Any

from kb.database import now, session_scope
from kb.errors import FileUnreadable
from kb.imports import from_xlsx, uploads

JOB = "sheet.read"
MOST_TEXT = 400_000
"""Characters of a table that somebody chooses a row of; the import takes longer ones."""


def read(payload: dict[str, Any]) -> None:
    """The job: make the table, or say why not, and drop the file."""
    with session_scope() as session:
        row = session.get(uploads.Upload, payload["upload"])
    if row is None or row.state != "waiting":
        return
    file = uploads.file_of(row.id)
    try:
        state, found, reason = "read", _table(file), ""
    except FileUnreadable as error:
        state, found, reason = "refused", {}, str(error)
    with session_scope(write=True) as session:
        row = session.get(uploads.Upload, payload["upload"])
        if row is not None:
            row.state, row.found, row.reason, row.read_at = state, found, reason, now()
            session.add(row)
    file.unlink(missing_ok=True)


def _table(file: Path) -> dict[str, Any]:
    held = io.StringIO()
    write = csv.writer(held).writerow
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / "sheet.xlsx"  # what an id without an ending cannot tell
        try:
            shutil.copy(file, named)
        except FileNotFoundError:
            raise FileUnreadable("The file is no longer here. Hand it in again.") from None
        grid = from_xlsx.grid(named)
        write(grid.header)
        for _, cells in grid.rows:
            write(cells)
            if held.tell() > MOST_TEXT:
                raise FileUnreadable(
                    "That sheet is too long for this page. Copy the headings and the row you need."
                )
    return {"table": held.getvalue(), "warning": grid.warning}
