"""Where what stands above sums says that they are costs: headings, and the heads of tables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crawlers.facts.cost_columns import (
    Figure,
    column_of,
    figure_of,
    tells_no_costs,
    tells_what_was_given,
)
from crawlers.facts.found import Sentence

_COSTS = r"(?:costs?|costings?|budgets?|spending|spend|expenditure|finances?|financials?|outlay)"
_HEADING = re.compile(
    rf"(?:\d+(?:\.\d+)*[.)]?\s+)?(?:(?:the|our|total|overall|estimated|planned|proposed|actual|"
    rf"project|programme|"
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
_PLANNED = re.compile(
    r"\b(?:estimated|planned|proposed)\b|\bbudgets?\b(?!.*\b(?:cost|spen[dt]|expenditure))", re.I
)
_TOTAL = re.compile(r"(?:grand |sub-?|overall )?totals?\b", re.I)
_SIGN = re.compile(r"[\u00a3$\u20ac]|\b(?:GBP|EUR|USD)\b")
_ALL_IN = re.compile(
    r"\b(?:all|the)\s+(?:figures|amounts|costs|sums|prices|values)\s+(?:(?:are|shown|given|stated|"
    r"quoted|below|here|in the table)\s+)*in\s+(?P<sign>GBP|EUR|USD|\u00a3|\u20ac|\$|pounds|euros|"
    r"sterling)(?P<times>\W{0,2}(?:000s?\b|thousands?\b))?",
    re.I,
)
_HEADING_WORDS = 8
_ROWS_OF_TOTAL = 2  # sums that a total without a head above it needs


@dataclass(frozen=True, slots=True)
class SaidAbove:
    """That a sentence stands where costs are told: in a table, or under such a heading.

    `kind` is spent or planned; `figure` the one sum that a row of a table tells, None where it
    tells none for certain and for a sentence that is no row.
    """

    kind: str
    in_table: bool = False
    figure: Figure | None = None


def said_above(sentences: Sequence[Sentence]) -> dict[int, SaidAbove]:
    """By the number of a sentence, what stands above it says of the sums in it."""
    found: dict[int, SaidAbove] = {}
    told, only = _sign_told(sentences), _only_sign(sentences)
    heading = ""
    number = 0
    while number < len(sentences):
        text = sentences[number].text
        end = number
        while end < len(sentences) and is_row(sentences[end].text):
            end += 1
            if end < len(sentences) and column_of(sentences[end].text.split(" | ")):
                break  # the head of another table
        if end > number:
            rows = [sentences[at].text for at in range(number, end)]
            above = heading or (sentences[number - 1].text if number else "")
            sign = _sign_of(heading) or told
            found |= {number + at: said for at, said in _table(rows, above, sign, only).items()}
            number = end
            continue
        if _HEADING.fullmatch(text):
            heading = text
        elif _is_heading(text):
            heading = ""
        elif heading:
            found[number] = SaidAbove(_kind_under(heading))
        number += 1
    return found


def is_row(text: str) -> bool:
    """Whether a sentence is a row of a table."""
    return " | " in text


def is_total(text: str) -> bool:
    """Whether a sentence is the row of a table that adds up others."""
    return is_row(text) and bool(_TOTAL.match(text))


def item_of_row(text: str) -> str:
    """What a row tells the figure of: its first cell with words, without how it is reckoned."""
    cells = [without_sums(cell) for cell in text.split(" | ")]
    return next((cell for cell in cells if re.search(r"[^\W\d]{2}", cell)), text)


def without_sums(text: str) -> str:
    """A text without sums of money and what they are reckoned from: "(6 @ £1,450)"."""
    return re.sub(
        r"\s*\(?(?:\d+\s*(?:@|x|\u00d7|at)\s*)?[\u00a3$\u20ac]\s?[\d,.]+(?:k|m)?(?:\s+each)?\)?",
        "",
        text,
    ).strip(" =:,-\u2013")


def _table(rows: Sequence[str], above: str, sign: str, only: str) -> dict[int, SaidAbove]:
    """What the rows of a table tell, by their number; none when they do not tell of costs.

    `above` is the heading or line above them, `sign` the currency that is told for them, and `only`
    the one that the text uses.
    """
    column = column_of(rows[0].split(" | "))
    if column is None:
        signed = [row for row in rows if _SIGN.search(row)]
        totals = len(signed) > _ROWS_OF_TOTAL and any(_TOTAL.match(row) for row in signed[1:])
        under = bool(_HEADING.fullmatch(above))
        if tells_what_was_given(rows[0]) or (tells_what_was_given(above) and not under):
            return dict.fromkeys(range(len(rows)), SaidAbove("", in_table=True))
        none = tells_no_costs(rows[0]) or (tells_no_costs(above) and not under)
        if none or not (under or totals):
            return {}
    kind = column.kind if column and column.kind else _kind_under(above)
    told = sign or (only if column else "")
    return {
        number: SaidAbove(kind, in_table=True, figure=figure_of(row, column, told))
        for number, row in enumerate(rows)
        if column is None or number > 0
    }


def _kind_under(heading: str) -> str:
    return "planned" if _PLANNED.search(heading) else "spent"


def _sign_told(sentences: Sequence[Sentence]) -> str:
    """The currency that a text tells for all its figures, with "k" for thousands; "" for none."""
    for sentence in sentences:
        if told := _ALL_IN.search(sentence.text):
            word = told["sign"].casefold()
            sign = {"pounds": "GBP", "sterling": "GBP", "euros": "EUR"}.get(word, word.upper())
            return sign + ("k" if told["times"] else "")
    return ""


def _only_sign(sentences: Sequence[Sentence]) -> str:
    """The currency that a text uses, where it uses only one."""
    signs = {sign for sentence in sentences for sign in _SIGN.findall(sentence.text)}
    return signs.pop() if len(signs) == 1 else ""


def _sign_of(heading: str) -> str:
    sign = _SIGN.search(heading)
    return sign[0] if sign else ""


def _is_heading(text: str) -> bool:
    """Whether a line that is no sentence begins something else."""
    return (
        len(text.split()) <= _HEADING_WORDS
        and text[-1:] not in ".;,"
        and not re.search(r"[\u00a3$\u20ac]|\d{3}|:\s+\S", text)
    )
