"""CSV: one row a record, one column a field under its name, codes as they are stored.

Made to be read back by `kb import`. A text that a spreadsheet program would run as a formula gets
an apostrophe before it, which the import takes off again.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from kb.exports.heading import NOTE
from kb.exports.table import COLUMNS, cells, disarm
from kb.records import Practice

NAME = "csv"
LABEL = "CSV (one row a record, can be imported again)"
MEDIA_TYPE = "text/csv; charset=utf-8"
EXTENSION = "csv"
TAKES_NOTES = True


def write(records: Iterable[Practice], notes: Mapping[str, str] | None = None) -> bytes:
    """A table with a header; UTF-8 with its mark at the start, without which Excel garbles it."""
    named = notes or {}
    rows = ([*cells(one), named.get(one.id, "")] if named else cells(one) for one in records)
    return table_file([*COLUMNS, NOTE] if named else COLUMNS, rows)


def table_file(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Rows under a heading as a CSV file that no spreadsheet program runs anything of."""
    out = io.StringIO(newline="")
    table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(heading)
    for row in rows:
        table.writerow([disarm(text) for text in row])
    return out.getvalue().encode("utf-8-sig")
