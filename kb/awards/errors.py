"""Errors of award rounds.

KbError
├── AwardNotFound           no such scheme, round or entry, or none that this person may see
├── AwardStepRefused        a step that the state of the round or entry does not allow
├── AwardNotTheirs          a step that this person may not take, though the state allows it
└── AwardChanged            somebody else changed it since the page was opened

What is typed wrongly is a RecordInvalid with one FieldError for each field.
"""

from kb.errors import KbError


class AwardNotFound(KbError):
    """There is nothing here that this person may see; whether it exists is not told."""

    def __init__(self) -> None:
        super().__init__("There is no award round or entry at this address that you may see.")


class AwardStepRefused(KbError):
    """The state does not allow this step; the message says what has to be done first."""


class AwardNotTheirs(KbError):
    """The state allows the step, but not to this person; the message says why."""


class AwardChanged(KbError):
    """Somebody else changed it meanwhile; open the page again and repeat what is still wanted."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else changed this since you opened the page, so nothing was saved. Open it "
            "again, look at what changed, and repeat what is still wanted."
        )
