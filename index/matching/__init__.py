"""Which rows of a table tell of the same thing, whatever its columns: no training, no labels.

`find(rows)` is the door. Rows are compared with their likely partners only (`candidates`), each
pair is described by numbers (`likeness`), and the table itself teaches how these weigh (`decide`).
"""

from index.matching.pairs import Pair, find
from index.matching.table import Table, read_lines, read_table

__all__ = ["Pair", "Table", "find", "read_lines", "read_table"]
