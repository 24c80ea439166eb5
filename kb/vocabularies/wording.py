"""What is typed at the vocabulary desk, made tidy: one line, not too long, no name twice."""

from collections.abc import Iterable

from kb.vocabularies.errors import TermRefused

_LONGEST = 500


def short(text: str) -> str:
    """In one line, cut where it is too long."""
    return " ".join(text.split())[:_LONGEST]


def needed(text: str, missing: str) -> str:
    """In one line. Raises TermRefused, with `missing` where there is nothing."""
    text = " ".join(text.split())
    if not text:
        raise TermRefused(missing)
    if len(text) > _LONGEST:
        raise TermRefused(f"That is longer than {_LONGEST} characters; shorten it.")
    return text


def names(typed: Iterable[str], label: str) -> list[str]:
    """Other names, each once, without the label."""
    return [name for name in dict.fromkeys(map(short, typed)) if name and name != label]
