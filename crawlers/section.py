"""A stage of SARA as found in a text."""

from dataclasses import dataclass


@dataclass(slots=True)
class Section:
    """One stage: `text` is all of it, `found_by` is heading or meaning, "" when not found.

    `passage` is the heading, or the sentence that speaks of the stage most clearly.
    """

    text: str = ""
    confidence: float = 0.0
    found_by: str = ""
    passage: str = ""
