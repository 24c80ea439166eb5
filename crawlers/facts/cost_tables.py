"""Where what stands above sums says that they are costs: headings, and the heads of tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.facts.found import Sentence

_COSTS = r"(?:costs?|costings?|budgets?|spending|spend|expenditure|finances?|financials?|outlay)"
_HEADING = re.compile(
    rf"(?:\d+(?:\.\d+)*[.)]?\s+)?(?:(?:the|our|total|overall|estimated|actual|project|programme|"
    rf"scheme|set-?up|start-?up|running|direct|capital|revenue|annual|yearly|full)\s+)*"
    rf"(?:{_COSTS}(?:\s+(?:and|&)\s+(?:funding|resources|staffing|{_COSTS}))?"
    rf"(?:\s+(?:breakdown|of\s+the\s+(?:project|scheme|programme|work|initiative|pilot)|table|plan|"
    r"involved|incurred|to\s+date))?|breakdown\s+of\s+costs?|"
    r"financial\s+(?:implications|information|details|summary)|resource\s+implications|"
    r"(?:resources|funding|staffing)\s+(?:and|&)\s+(?:costs?|budget)|"
    r"what\s+(?:(?:did\s+)?it\s+costs?|(?:was|were)\s+the\s+costs?|(?:was\s+)?spent|we\s+spent)|"
    r"how\s+much\s+(?:did\s+)?(?:it|this|the\s+\w+)\s+costs?|how\s+(?:the\s+)?money\s+was\s+spent|"
    r"what\s+was\s+the\s+money\s+spent\s+on)"
    r"\s*(?:\([^)]{1,20}\))?\s*[?:.]?",
    re.I,
)
_OF_COSTS = re.compile(
    rf"(?:\w+ )?(?:{_COSTS}|amounts?|price|total|sum|\W*[\u00a3$\u20ac])\b.*|[\u00a3$\u20ac]", re.I
)
_TOTAL = re.compile(r"(?:grand |sub-?|overall )?totals?\b", re.I)
_SIGN = re.compile(r"[\u00a3$\u20ac]|\b(?:GBP|EUR|USD)\b")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d+(?:\.\d\d)?")
_HEADING_WORDS = 8


@dataclass(frozen=True, slots=True)
class SaidAbove:
    """That a sentence stands where costs are told: in a table, or under such a heading.

    `sign` is the currency that the head of the table names for all its figures, "" for none.
    """

    in_table: bool
    sign: str = ""


def said_above(sentences: Sequence[Sentence]) -> dict[int, SaidAbove]:
    """By the number of a sentence, what stands above it says of the sums in it."""
    found: dict[int, SaidAbove] = {}
    under = False
    number = 0
    while number < len(sentences):
        text = sentences[number].text
        end = number
        while end < len(sentences) and is_row(sentences[end].text):
            end += 1
        if end > number:
            rows = [sentences[at].text for at in range(number, end)]
            table = _table(rows, under=under)
            if table is not None:
                found |= dict.fromkeys(range(number, end), table)
            number = end
            continue
        if _HEADING.fullmatch(text):
            under = True
        elif _is_heading(text):
            under = False
        elif under:
            found[number] = SaidAbove(in_table=False)
        number += 1
    return found


def is_row(text: str) -> bool:
    """Whether a sentence is a row of a table."""
    return " | " in text


def item_of_row(text: str) -> str:
    """What a row tells the figure of: its cells that are words."""
    cells = [cell for cell in text.split(" | ") if re.search(r"[^\W\d]{2}", cell)]
    return " ".join(cell for cell in cells if not _SIGN.search(cell)) or text


def with_signs(text: str, sign: str) -> str:
    """A row whose last figure has the sign that the head of its table names."""
    cells = text.split(" | ")
    if sign and not _SIGN.search(text) and _NUMBER.fullmatch(cells[-1].strip()):
        cells[-1] = sign + cells[-1].strip()
    return " | ".join(cells)


def _table(rows: Sequence[str], *, under: bool) -> SaidAbove | None:
    """Whether rows tell of costs: by the heading above them, their own head, or a total."""
    head = rows[0].split(" | ")
    named = not _has_figure(head[-1]) and any(_OF_COSTS.match(cell) for cell in head[1:])
    totals = any(_TOTAL.match(row) and _SIGN.search(row) for row in rows[1:])
    # A table of losses or savings has a total too.
    if re.search(r"\b(?:los(?:s|ses|t)|stolen|sav(?:ed|ings?)|income|value)\b", rows[0], re.I):
        return None
    if not (under or named or totals):
        return None
    sign = _SIGN.search(head[-1]) if named else None
    return SaidAbove(in_table=True, sign=sign[0] if sign else "")


def _has_figure(cell: str) -> bool:
    return bool(re.search(r"\d", cell))


def _is_heading(text: str) -> bool:
    """Whether a line that is no sentence begins something else."""
    return (
        len(text.split()) <= _HEADING_WORDS
        and text[-1:] not in ".;,"
        and not re.search(r"[\u00a3$\u20ac]|\d{3}", text)
    )
