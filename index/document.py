"""What the index knows of one record. `document(practice)` is the one projection."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from kb.records import FieldSpec, Practice, PracticeIn

WORDS = 150  # in one passage: about two hundred tokens, which the default model reads whole

SUMMARY = "summary"

# What is listed of a record besides its facets.
NAMES, ORGANISATIONS = "name", "organisation"
LISTED = (NAMES, ORGANISATIONS)

_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]]*\s+|\n\s*\n")
# Five or more figures in a row are a table, or furniture of an extracted page. They say nothing in
# words, and would make the passage look long to the keyword leg and strange to the model.
_FIGURES = re.compile(r"(?:(?<!\S)[\d.,%£$/-]*\d[\d.,%£$/-]*(?:\s+|$)){5,}")


class Passage(NamedTuple):
    """A stretch of a record's text and the section it stands in."""

    section: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One record as the index holds it.

    `other_names` count as its title does; `labels` has the words of the terms that the record is
    tagged with, by facet; `named` the text of fields that are searched only when named; `listed`
    names that are offered while somebody types; `evidence` how complete the account is, from 0 to
    1; `card` what a result shows.
    """

    id: str
    title: str
    passages: tuple[Passage, ...]
    other_names: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    listed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    facets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    year: int | None = None
    state: str = ""
    stamp: str = ""
    evidence: float = 0.0
    card: dict[str, Any] = field(default_factory=dict)


def document(practice: "Practice") -> Document:
    """The record as the index holds it."""
    from index.facets import FACETS, labels_of
    from index.fields import NAMED_FIELDS
    from kb.exports.gate import indexable
    from kb.records import FIELDS

    content = indexable(practice.content)
    facets = {facet.name: tuple(dict.fromkeys(facet.values(practice))) for facet in FACETS}
    texts: dict[str, list[str]] = {}
    for spec in FIELDS:
        if spec.name not in ("title", "other_names"):
            for section, text in section_texts(spec, getattr(content, spec.name)):
                texts.setdefault(section, []).append(text)
    if not texts:
        texts[SUMMARY] = [""]  # the title alone is searched by meaning too
    years = [int(year) for year in facets.get("year", ()) if year.isdigit()]
    return Document(
        id=practice.id,
        title=content.title,
        passages=tuple(
            Passage(section, text)
            for section, found in texts.items()
            for text in passages(found) or [""]
        ),
        other_names=tuple(content.other_names),
        labels={facet.name: labels_of(facet, facets[facet.name]) for facet in FACETS},
        named={named.name: " \n".join(named.values(practice)) for named in NAMED_FIELDS},
        listed={NAMES: tuple(content.other_names), ORGANISATIONS: _organisations(content)},
        facets=facets,
        year=min(years) if years else None,
        state=practice.state,
        stamp=str(practice.stamp),
        evidence=practice.completeness / 100,
        card=card(practice, facets),
    )


def _organisations(content: "PracticeIn") -> tuple[str, ...]:
    named = [partner.organisation for partner in content.partners]
    named += [contact.organisation for contact in content.contacts]
    named += [content.publisher, content.contributor_organisation]
    return tuple(dict.fromkeys(filter(None, named)))


def section_texts(spec: "FieldSpec", value: Any) -> Iterator[tuple[str, str]]:
    """Each text of a field's value with its section; rows are walked by their own columns."""
    section = spec.section
    if not value or section is None or spec.vocabulary is not None:
        return
    for one in value if isinstance(value, list) else [value]:
        text = ". ".join(_row_texts(spec.columns, one)) if spec.columns else one
        if isinstance(text, str) and text.strip():
            yield section, text


def _row_texts(columns: Iterable["FieldSpec"], row: Any) -> Iterator[str]:
    for column in columns:
        value = getattr(row, column.name)
        if column.searched and column.kind in ("text", "texts") and value:
            yield from value if isinstance(value, list) else [value]


def card(practice: "Practice", facets: dict[str, tuple[str, ...]]) -> dict[str, Any]:
    """What a result shows of the record besides its snippet."""
    content = practice.content
    return {
        "id": practice.id,
        "title": content.title,
        "summary": content.summary,
        "state": practice.state,
        "updated_at": str(practice.updated_at),
        "lead_time_months": content.lead_time_months,
        "facets": {name: list(codes) for name, codes in facets.items() if codes},
    }


def passages(texts: Iterable[str], words: int = WORDS) -> list[str]:
    """Texts of one section as passages of at most `words` words, cut at sentence ends.

    Short neighbouring texts share a passage; a sentence longer than a passage is cut.
    """
    made: list[str] = []
    open_passage: list[str] = []
    for sentence in _sentences(texts):
        parts = sentence.split()
        while len(parts) > words:
            if open_passage:
                made.append(" ".join(open_passage))
                open_passage = []
            made.append(" ".join(parts[:words]))
            parts = parts[words:]
        if open_passage and len(open_passage) + len(parts) > words:
            made.append(" ".join(open_passage))
            open_passage = []
        open_passage += parts
    if open_passage:
        made.append(" ".join(open_passage))
    return made


def _sentences(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        for sentence in _SENTENCE.split(without_figures(text)):
            if sentence and not sentence.isspace():
                yield sentence


def without_figures(text: str) -> str:
    """The text without runs of bare figures, which are tables or page furniture."""
    return _FIGURES.sub(" ", text)
