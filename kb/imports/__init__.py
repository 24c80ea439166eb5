"""Reading records from files: one module `from_<name>.py` here for each format, found by listing.

A format's module has NAME, LABEL, EXTENSIONS, DOOR (by which its rows come in when they do not say:
`import`, `file` or `document`) and `read(path) -> Iterator[Row]`; with `grid(path)` its columns can
be mapped to fields. Adding one is adding that file. Whatever the format, `import_file` checks and
saves the rows in the same way.
"""

from kb.imports.importing import import_file
from kb.imports.reading import Reader, Row, readers
from kb.imports.report import ImportReport, RowReport
from kb.imports.showing import Wish

__all__ = ["ImportReport", "Reader", "Row", "RowReport", "Wish", "import_file", "readers"]
