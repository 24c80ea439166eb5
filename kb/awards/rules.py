"""What a scheme asks and how it is judged: copied into a round, where it can be changed.

What is not known of a scheme stays empty. Only the headings of a form have a stand-in, the four
parts of a record, and `own_form` is then False so that pages can say so.
"""

import re
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, Field, ValidationError

from kb.awards.models import AwardScheme
from kb.exports.outline import row_text
from kb.records.definition import FieldSpec, Part
from kb.records.errors import FieldError, RecordInvalid
from kb.records.practice import FIELD, FIELDS, PracticeIn
from kb.records.rules import is_empty, word_count
from kb.records.text import shown, shown_cells

TOP_MARK = 10
"""Marks go from 0 to this."""
LEAST_SCORES = 2
"""Every eligible entry needs this many judges."""
WIDE_SPREAD = 2.0
"""Judges who differ by more than this in their weighted mark are pointed out."""

_PARTS = ("scanning", "analysis", "response", "assessment")


class Criterion(BaseModel):
    """One thing that is judged. `sources` are fields or groups of the record that speak to it."""

    title: str = Field(min_length=1, max_length=120)
    weight: float | None = Field(default=None, gt=0, le=1000)
    sources: list[str] = []


class Heading(BaseModel):
    """One heading of the entry form, with its word limit."""

    title: str = Field(min_length=1, max_length=120)
    words: int | None = Field(default=None, ge=1, le=50_000)
    sources: list[str] = []


class Rules(BaseModel):
    """Everything that a round holds its entries to."""

    categories: list[str] = []
    criteria: list[Criterion] = []
    form: list[Heading] = []
    own_form: bool = True
    total_words: int | None = Field(default=None, ge=1, le=100_000)
    gates: list[str] = []
    endorser: bool = False
    months: int | None = Field(default=None, ge=1, le=240)
    public_vote: bool = False

    def shares(self) -> dict[str, float]:
        """The part of the whole that each criterion counts for; equal where no weight is known."""
        weights = {one.title: one.weight for one in self.criteria}
        if any(weight is None for weight in weights.values()):
            return {title: 1 / len(weights) for title in weights}
        total = sum(weight or 0 for weight in weights.values())
        return {title: (weight or 0) / total for title, weight in weights.items()}

    def mark(self, marks: dict[str, float]) -> float:
        """The weighted mark, 0 to 10, of one judge."""
        return sum(share * marks[title] for title, share in self.shares().items())


def rules_of(scheme: AwardScheme) -> Rules:
    """What is known of a scheme's rules."""
    entry = scheme.entry
    limits = entry.get("limits") or {}
    form = entry.get("form") or [
        {"title": "Summary", "words": limits.get("summary_words"), "sources": ["summary"]},
        *({"title": name.capitalize(), "sources": [name]} for name in _PARTS),
    ]
    return Rules(
        categories=entry.get("categories") or [],
        criteria=entry.get("criteria") or [],
        form=form,
        own_form=bool(entry.get("form")),
        total_words=limits.get("description_words"),
        gates=entry.get("gates") or [],
        endorser=bool(limits.get("endorser")),
        months=entry.get("months_of_data"),
        public_vote=bool(entry.get("public_vote")),
    )


_WEIGHTED = re.compile(r"^(.*?)\s*(?:[:=]\s*(\d+(?:\.\d+)?)\s*%?)?$")


def read_lines(text: str) -> list[tuple[str, float | None]]:
    """Lines such as `Analysis: 33.3` as title and number; the number may be missing."""
    found = []
    for line in text.splitlines():
        match = _WEIGHTED.match(line.strip())
        if match and match[1]:
            found.append((match[1][:120], float(match[2]) if match[2] else None))
    return found


def write_lines(pairs: Iterable[tuple[str, float | None]]) -> str:
    """The same as text, for the box they are changed in."""
    return "\n".join(f"{title}: {number:.12g}" if number else title for title, number in pairs)


_BOXES = {
    "criteria": ("What is judged", "a weight must be more than 0 and at most 1,000"),
    "form": ("Headings of the entry form", "a limit must be a whole number from 1 to 50,000"),
    "total_words": ("Most words", "must be a whole number from 1 to 100,000"),
    "months": ("Least months of data", "must be a whole number from 1 to 240"),
}
"""The boxes that can be filled in wrongly: what each is called, and what it takes."""


def changed(before: Rules, typed: dict[str, str]) -> Rules:
    """The rules with what was typed. Raises RecordInvalid naming each box.

    A criterion or heading keeps what of the record speaks to it while its title stays.
    """
    criteria = read_lines(typed.get("criteria", ""))
    headings = read_lines(typed.get("form", ""))
    wrong = []
    for box, rows in (
        ("criteria", criteria),
        ("form", headings),
    ):
        names = [name.casefold() for name, _ in rows]
        if len(names) != len(set(names)):
            wrong.append(FieldError(box, _BOXES[box][0], "each line needs a name of its own", ""))
    given = [weight for _, weight in criteria]
    if any(weight is None for weight in given) and any(weight is not None for weight in given):
        rule = "give every line a weight, or none"
        wrong.append(FieldError("criteria", _BOXES["criteria"][0], rule, ""))
    if wrong:
        raise RecordInvalid(wrong)
    judged = {one.title: one.sources for one in before.criteria}
    written = {one.title: one.sources for one in before.form}
    try:
        return Rules.model_validate(
            {
                "categories": _lines(typed.get("categories", "")),
                "criteria": [
                    {"title": t, "weight": w, "sources": judged.get(t, [])} for t, w in criteria
                ],
                "form": [
                    {"title": t, "words": w, "sources": written.get(t, [])} for t, w in headings
                ],
                "own_form": before.own_form or bool(headings),
                "total_words": typed.get("total_words", "").replace(",", "").strip() or None,
                "gates": _lines(typed.get("gates", "")),
                "endorser": typed.get("endorser") == "yes",
                "months": typed.get("months", "").strip() or None,
                "public_vote": typed.get("public_vote") == "yes",
            }
        )
    except ValidationError as error:
        boxes = dict.fromkeys(str(item["loc"][0]) for item in error.errors())
        raise RecordInvalid([FieldError(box, *_BOXES[box], "") for box in boxes]) from None


def _lines(text: str) -> list[str]:
    return list(dict.fromkeys(line.strip()[:200] for line in text.splitlines() if line.strip()))


def _specs(sources: Sequence[str]) -> list[FieldSpec]:
    found = []
    for name in sources:
        if name in FIELD:
            found.append(FIELD[name])
        else:
            found += [one for one in FIELDS if one.group == name and one.asked != "nobody"]
    return found


def drafted(content: PracticeIn, form: Sequence[Heading]) -> dict[str, str]:
    """A record's text under each heading of a form, to start from."""
    return {one.title: "\n\n".join(_told(content, one.sources)) for one in form}


def _told(content: PracticeIn, sources: Sequence[str]) -> Iterable[str]:
    for spec in _specs(sources):
        value = getattr(content, spec.name)
        if is_empty(value):
            continue
        if spec.kind == "rows":
            yield f"{spec.title}: " + ". ".join(
                _row_told(spec, row).removesuffix(".") for row in value
            )
        elif spec.kind == "row":
            yield f"{spec.title}: {_row_told(spec, value)}"
        else:
            text = shown(spec, value)
            yield text if spec.long else f"{spec.title}: {text}"


def _row_told(spec: FieldSpec, row: Part) -> str:
    """A row on one line; what stands alone goes without its name, as the field's says enough."""
    cells = shown_cells(spec, row)
    return cells[0][1] if len(cells) == 1 else row_text(spec, row)


class Gap(BaseModel):
    """How much of what speaks to a criterion a record holds; None where that cannot be said."""

    title: str
    share: float
    percent: int | None
    missing: list[str]


def gaps(content: PracticeIn, rules: Rules) -> list[Gap]:
    """The gap meter: what is filled in and what is missing, criterion by criterion."""
    shares = rules.shares()
    made = []
    for one in rules.criteria:
        specs = [spec for spec in _specs(one.sources) if spec.weight or spec.name in one.sources]
        total = sum(max(spec.weight, 1) for spec in specs)
        empty = [spec for spec in specs if is_empty(getattr(content, spec.name))]
        lacking = sum(max(spec.weight, 1) for spec in empty)
        made.append(
            Gap(
                title=one.title,
                share=shares[one.title],
                percent=round(100 * (total - lacking) / total) if total else None,
                missing=[spec.title for spec in sorted(empty, key=lambda spec: -spec.weight)][:6],
            )
        )
    return made


def over_limit(rules: Rules, texts: dict[str, str]) -> list[FieldError]:
    """Each heading, and the whole, that has more words than it may."""
    wrong = []
    for number, one in enumerate(rules.form):
        words = word_count(texts.get(one.title, ""))
        if one.words and words > one.words:
            rule = f"at most {one.words} words; this has {words}"
            wrong.append(FieldError(f"text-{number}", one.title, rule, ""))
    words = counted_words(rules, texts)
    if rules.total_words and words > rules.total_words:
        rule = f"at most {rules.total_words} words in all; these have {words}"
        wrong.append(FieldError("text-0", "The whole entry", rule, ""))
    return wrong


def counted_words(rules: Rules, texts: dict[str, str]) -> int:
    """Words under the headings that have no limit of their own, which share the total."""
    return sum(word_count(texts.get(one.title, "")) for one in rules.form if not one.words)
