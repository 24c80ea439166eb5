"""Errors of curation.

KbError
├── EntryNotFound           no entry with that id, or none that this person may see
├── StepRefused             a step that the entry's state does not allow
├── NotTheirs               a step that this person may not take, though the state allows it
├── NothingChanged          sent in again, or published, without a change
├── StillReading            a file has not been read yet; asked again later
└── InputInvalid
    └── EntryClash          somebody else changed the same meanwhile; `clashes` says what
"""

from typing import TYPE_CHECKING

from kb.errors import InputInvalid, KbError

if TYPE_CHECKING:
    from kb.curation.threeway import Clash


class EntryNotFound(KbError):
    """No entry with that id, or none that this person may see: the two are not told apart."""

    def __init__(self) -> None:
        super().__init__("There is no entry at this address that you may see.")


class StepRefused(KbError):
    """The entry's state does not allow this step; the message says what state it is in."""


class NotTheirs(KbError):
    """The state allows the step, but not to this person; the message says whose it is."""


class NothingChanged(KbError):
    """Nothing differs from what was reviewed, so there is nothing to look at again."""


class StillReading(KbError):
    """A file has not been read yet; the job that waits for it is tried again."""


class EntryClash(InputInvalid):
    """Somebody else changed the same fields meanwhile. What could be kept was kept."""

    def __init__(self, clashes: "list[Clash]") -> None:
        self.clashes = clashes
        names = ", ".join(clash.spec.title for clash in clashes)
        super().__init__(f"Somebody else changed this meanwhile: {names}. Choose what to keep.")
