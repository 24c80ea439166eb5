"""What a rule of the checks is, and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from kb.records.practice import PracticeIn

Level = Literal["failure", "warning", "information"]


@dataclass(frozen=True)
class Seen:
    """What exactly a rule saw, and in which field, for a rule that looks at many."""

    what: str
    field: str


Found = str | bool | Seen


@dataclass(frozen=True)
class Rule:
    """One question. `found` looks at the record and gives True, or what exactly it saw."""

    id: str
    level: Level
    field: str
    title: str
    why: str
    found: Callable[[PracticeIn], Found]
    cases_only: bool = True
