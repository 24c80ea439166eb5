"""The ways of an entry: which step leads from which state to which, and whose step it is.

Whether a step is legal in a state, and whether a person may take it, are asked apart: the first
here, from a table; the second in `access.py`.
"""

from dataclasses import dataclass

from kb.curation.errors import StepRefused


@dataclass(frozen=True)
class State:
    """Where an entry stands: what its author reads about it, and why search does not find it."""

    label: str
    meaning: str
    why_not_found: str
    open: bool = True


STATES: dict[str, State] = {
    "draft": State(
        "Draft",
        "You are writing it. Nobody else sees it.",
        "It is a draft. Send it in when you are ready.",
    ),
    "submitted": State(
        "Sent in",
        "It waits for a librarian to take it up. You may take it back at any time.",
        "Nobody has reviewed it yet. Only reviewed entries are found.",
    ),
    "in-review": State(
        "In review",
        "A librarian is reading it. You are told by e-mail what comes of it.",
        "It is being reviewed. Only reviewed entries are found.",
    ),
    "changes-asked": State(
        "Changes asked",
        "The reviewer has questions. Answer them, change the entry and send it in again.",
        "It waits for you: the reviewer asked for changes.",
    ),
    "published": State(
        "Published",
        "It is part of the collection and everybody can read it.",
        "",
        open=False,
    ),
    "declined": State(
        "Declined",
        "It was not taken in. The reason stands below. You may reply, or appeal once.",
        "It was declined. You may appeal; another librarian then decides.",
    ),
    "appealed": State(
        "Appeal",
        "Another librarian than the first looks at it and decides.",
        "Your appeal has not been decided yet.",
    ),
    "withdrawn": State(
        "Taken back",
        "You took it back. It is kept for you; you may open it again as a draft.",
        "You took it back.",
        open=False,
    ),
}

DECLINED_FOR_GOOD = State(
    "Declined",
    "It was not taken in, and another librarian decided your appeal. The reason stands below.",
    "It was declined, and your appeal was decided.",
)
"""Where a declined entry stands whose appeal is used up."""

WAITING = ("submitted", "in-review", "appealed")
"""States in which a librarian has something to do."""


@dataclass(frozen=True)
class Step:
    """One step: the states it may be taken from, where it leads, and who takes it.

    `by` is the author, any reviewer, or the reviewer who has claimed the entry.
    """

    done: str
    before: tuple[str, ...]
    after: str
    by: str
    reason: bool = False


STEPS: dict[str, Step] = {
    "submit": Step("sent in", ("draft", "changes-asked"), "submitted", "author"),
    "take-back": Step(
        "taken back",
        ("submitted", "in-review", "changes-asked", "declined", "appealed"),
        "withdrawn",
        "author",
    ),
    "reopen": Step("opened again", ("withdrawn",), "draft", "author"),
    "appeal": Step("appealed", ("declined",), "appealed", "author", reason=True),
    "apply": Step("published", ("draft",), "published", "author"),
    "claim": Step("claimed", ("submitted",), "in-review", "reviewer"),
    "claim-appeal": Step("claimed", ("appealed",), "appealed", "reviewer"),
    "release": Step("given back", ("in-review",), "submitted", "claimer"),
    "release-appeal": Step("given back", ("appealed",), "appealed", "claimer"),
    "ask": Step("sent back", ("in-review", "appealed"), "changes-asked", "claimer", reason=True),
    "publish": Step("published", ("in-review", "appealed"), "published", "claimer"),
    "decline": Step("declined", ("in-review", "appealed"), "declined", "claimer", reason=True),
}


def next_state(step: str, state: str) -> str:
    """The state that a step leads to. Raises StepRefused when it cannot be taken now."""
    rule = STEPS[step]
    if state not in rule.before:
        raise StepRefused(
            f"This entry cannot be {rule.done} now: it stands at “{STATES[state].label}”. "
            "Open it again to see what can be done."
        )
    return rule.after
