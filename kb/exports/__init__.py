"""Writing records to files: one module `as_<name>.py` here for each format, found by listing.

A format's module has NAME, LABEL, MEDIA_TYPE, EXTENSION and `write(records) -> bytes`. Adding one
is adding that file; nothing else needs to know it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from kb.exports.gate import open_part
from kb.records import Practice

__all__ = ["Exporter", "exporters"]


@dataclass(frozen=True)
class Exporter:
    """One export format. `extension` has no leading dot."""

    name: str
    label: str
    media_type: str
    extension: str
    takes_notes: bool
    """Whether the format has a place of its own for what one person noted on each record."""
    _write: Callable[..., bytes]

    def write(self, records: Iterable[Practice], notes: Mapping[str, str] | None = None) -> bytes:
        """A whole file with these records, in their order; what may not be passed on is left out.

        `notes` are one person's own, by record; only formats that take notes write them.

        Which records may be seen is the caller's business; what of a record may leave (text under
        its licence, people who did not agree to be listed) is settled here, for every format.
        """
        opened = (open_part(record) for record in records)
        if notes and self.takes_notes:
            return self._write(opened, notes)
        return self._write(opened)


def exporters() -> dict[str, Exporter]:
    """Every export format by name."""
    found: dict[str, Exporter] = {}
    for module_info in pkgutil.iter_modules(__path__):
        if not module_info.name.startswith("as_"):
            continue
        module = importlib.import_module(f"{__name__}.{module_info.name}")
        found[module.NAME] = Exporter(
            name=module.NAME,
            label=module.LABEL,
            media_type=module.MEDIA_TYPE,
            extension=module.EXTENSION,
            takes_notes=getattr(module, "TAKES_NOTES", False),
            _write=module.write,
        )
    return found
