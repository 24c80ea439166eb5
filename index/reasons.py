"""Why a record was found, in words: what it has of what was typed, or through what else it came."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from whoosh_compat import ast

from index.facets import FACET
from index.fields import NAMED_FIELDS, TITLE
from index.grammar import Plan
from index.results import FoundBy, quoted
from index.snippet import MOST_NAMED, Highlighter

MOST_TAGS = 3

_FIELD_LABELS = {
    TITLE: "Title",
    **{facet.name: facet.label for facet in FACET.values()},
    **{named.name: named.label for named in NAMED_FIELDS},
}


def reasons(
    found_by: FoundBy,
    in_title: Mapping[str, str],
    in_text: Mapping[str, str],
    otherwise: Callable[[], Sequence[str]],
    *,
    whole: bool = True,
) -> tuple[str, ...]:
    """The reasons, most telling first; words are given as the record has them.

    `in_title` and `in_text` are those that match, by stem; `otherwise` is asked where none does, or
    where these are not the `whole` of what was joined by operators.
    """
    found: list[str] = []
    # Title first, each stem once and as the title has it.
    words = list({**in_title, **in_text, **in_title}.values())[:MOST_NAMED]
    if found_by == "meaning":
        has = f"of the words only {', '.join(words)}" if words else "none of the words"
        found.append(f"Found by meaning: {has}, but perhaps a like subject")
    elif words:
        where = "" if in_text else " in its title"
        found.append(f"Has the word{'s' * (len(words) > 1)} {', '.join(words)}{where}")
    if found_by in ("words", "both") and not (words and whole):
        found += otherwise()
    if found_by == "both":
        found.append("Near in meaning too")
    return tuple(found)


def without_words(
    card: Mapping[str, Any], names: Sequence[str], highlighter: Highlighter, plan: Plan
) -> list[str]:
    """Why a record was found that has none of the words in its title and text.

    It may have them in one of its other `names`, through a tag, or in a field that was named.
    """
    called = [name for name in names if highlighter.spots(name)]
    if called:
        return [f"Is also called “{called[0]}”"]
    if tags := list(_tags(card, highlighter, plan)):
        first = [text for clear in (True, False) for text, told in tags if told == clear]
        return [f"Is tagged {', '.join(dict.fromkeys(first[:MOST_TAGS]))}"]
    if named := [f"Has “{text}” in “{field}”" for field, text in _in_fields(plan.strict)]:
        return named
    # The words of another name may stand too far apart to be marked in the text.
    loose = [one.typed for one in plan.expansions if any(" " in text for text in one.means)]
    return [f"Has the words of another name for {quoted(loose)}"] if loose else []


def _tags(
    card: Mapping[str, Any], highlighter: Highlighter, plan: Plan
) -> Iterator[tuple[str, bool]]:
    """Terms of a record through which it was found, and whether their own names have the words."""
    for facet, codes in card.get("facets", {}).items():
        for code in codes if facet in FACET else ():
            label = FACET[facet].label_of(code)
            if highlighter.spots(label):
                yield label, True
            elif through := _through(facet, code, highlighter, plan):
                yield f"{label}{through}", False


def _through(facet: str, code: str, highlighter: Highlighter, plan: Plan) -> str:
    """What links a term to the words, where its own name has none; empty where nothing does."""
    every = FACET[facet].expanded((code,))
    for term in plan.expansions:
        if any((facet, one) in term.codes for one in every):
            return f" (for “{term.typed}”)"
    for one in every:
        label = FACET[facet].label_of(one)
        under = "" if one == code else f", under {label}"
        if under and highlighter.spots(label):
            return under
        for name in FACET[facet].other_names(one):
            if highlighter.spots(name):
                return f"{under} (also called “{name}”)"
    return ""


def _in_fields(node: ast.Node | None) -> Iterator[tuple[str, str]]:
    """The fields that were named, each with what every record must have in it."""
    match node:
        case ast.And(children):
            for child in children:
                yield from _in_fields(child)
        case ast.Term(name, text) | ast.Phrase(name, text) if name and name.name in _FIELD_LABELS:
            yield _FIELD_LABELS[name.name], str(text)
