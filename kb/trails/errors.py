"""Errors about trails and lists.

kb.errors.KbError
├── TrailNotFound        no such trail, list or saved search, or none that this person may read
├── TrailReadOnly        it may be read, not written to
├── TrailClosed          it was closed; reopen it first
├── TeamNotFound         no such team, or the person is not in it
├── ProposalDecided      an adoption was accepted or declined before
└── kb.errors.InputInvalid
    └── EntryInvalid     something entered breaks a rule; names field, rule and value
"""

from kb.errors import InputInvalid, KbError
from kb.records.errors import FieldError


class TrailNotFound(KbError):
    """Nothing with this id that the person may read; whether it exists is not told."""

    def __init__(self, what: str, subject_id: object) -> None:
        self.subject_id = subject_id
        super().__init__(
            f"There is no {what} '{subject_id}' that you may see. Check the address, or ask its "
            "owner to share it."
        )


class TrailReadOnly(KbError):
    """The person may read but not change this; a fork is theirs to change."""


class TrailClosed(KbError):
    """The trail was closed; reopen it to write to it."""


class TeamNotFound(KbError):
    """No such team, or the person is neither in it nor invited."""


class ProposalDecided(KbError):
    """The proposal was decided before, so nothing was changed."""


class EntryInvalid(InputInvalid):
    """Something entered breaks a rule; `errors` lists field, rule and value of each."""

    def __init__(self, errors: list[FieldError]) -> None:
        self.errors = errors
        super().__init__("; ".join(str(error) for error in errors))
