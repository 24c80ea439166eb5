"""Reading records from files: one module `from_<name>.py` here for each format, found by listing.

A format's module has NAME, LABEL, EXTENSIONS and `read(path) -> Iterator[Row]`. Adding one is
adding that file. Whatever the format, `import_file` checks and saves the rows in the same way.
"""

from kb.imports.importing import import_file
from kb.imports.reading import Reader, Row, readers
from kb.imports.report import ImportReport, RowReport

__all__ = ["ImportReport", "Reader", "Row", "RowReport", "import_file", "readers"]
