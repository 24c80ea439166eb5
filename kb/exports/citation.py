"""A record as a work that can be cited: what RIS, BibTeX and CSL have in common."""

import re
from dataclasses import dataclass

from kb.exports.heading import address
from kb.records import FIELD, Practice, PracticeIn
from kb.records.rules import COLLECTED
from kb.records.text import shown
from kb.settings import settings
from kb.vocabularies import vocabulary


@dataclass(frozen=True)
class WorkType:
    """What a kind of record is called in each citation format."""

    ris: str
    bibtex: str
    csl: str


_REPORT = WorkType("RPRT", "techreport", "report")
_TYPES = {
    "project": _REPORT,
    "programme": _REPORT,
    "guide": _REPORT,
    "review": _REPORT,
    "paper": _REPORT,
    "toolkit": _REPORT,
    "award-entry": _REPORT,
    "standard": WorkType("STAND", "misc", "standard"),
    "dataset": WorkType("DATA", "misc", "dataset"),
    "organisation": WorkType("ELEC", "misc", "webpage"),
    "community": WorkType("ELEC", "misc", "webpage"),
    "event": WorkType("GEN", "misc", "event"),
}
_OTHER = WorkType("GEN", "misc", "document")


@dataclass(frozen=True)
class Citation:
    """One work. Texts are on one line; `date` is a year, year-month or day, or empty."""

    id: str
    type: WorkType
    kind: str
    title: str
    authors: tuple[str, ...]
    date: str
    publisher: str
    abstract: str
    keywords: tuple[str, ...]
    urls: tuple[str, ...]
    language: str
    licence: str
    source: str
    site: str
    note: str


def citation(practice: Practice) -> Citation:
    """What is known of the work a record describes; nothing is guessed from its project dates."""
    content = practice.content
    licence = shown(FIELD["licence"], content.licence)
    source = _source(content)
    return Citation(
        id=practice.id,
        type=_TYPES.get(content.record_type, _OTHER),
        kind=_kind(content),
        title=one_line(content.title),
        authors=tuple(map(one_line, _authors(practice))),
        date=_date(practice),
        publisher=one_line(content.publisher)
        or (settings().site_name if _written_here(practice) else ""),
        abstract=one_line(content.summary),
        keywords=tuple(map(one_line, _keywords(content))),
        urls=_urls(practice),
        language=content.language,
        licence=licence,
        source=source,
        site=settings().site_name,
        note=" ".join(
            filter(None, [licence and f"Licence: {licence}.", source and f"Source: {source}"])
        ),
    )


def one_line(text: str) -> str:
    """Text without line ends, which the citation formats have no room for."""
    return " ".join(text.split())


def _kind(content: PracticeIn) -> str:
    kind = shown(FIELD["record_type"], content.record_type)
    levels = [row.level for row in content.awards if row.level and row.level != "not-stated"]
    if content.record_type == "award-entry" and levels:
        return f"{kind} ({vocabulary('award_levels').label(levels[0]).lower()})"
    return kind


def _written_here(practice: Practice) -> bool:
    """Whether the text is this site's own account, not a work that stands elsewhere."""
    return practice.door not in COLLECTED and not practice.content.authors


def _date(practice: Practice) -> str:
    content = practice.content
    if _written_here(practice) and not content.published_on:
        return practice.updated_at.date().isoformat()
    return content.published_on or _award_year(content)


def _authors(practice: Practice) -> list[str]:
    """The authors; of our own account this site; of an entry without any, the bodies that led."""
    content = practice.content
    if content.authors:
        return content.authors
    if _written_here(practice):
        return [settings().site_name]
    leading = [row.organisation for row in content.partners if "lead" in row.roles]
    return [name for name in leading if name]


def _award_year(content: PracticeIn) -> str:
    return next((str(row.year) for row in content.awards if row.year), "")


def _keywords(content: PracticeIn) -> list[str]:
    labels = [
        vocabulary(name).label(code)
        for name in ("problem_types", "response_types")
        for code in getattr(content, name)
    ]
    return list(dict.fromkeys([*labels, *content.keywords]))


def _urls(practice: Practice) -> tuple[str, ...]:
    """Addresses of the work, the best to cite first.

    A harvested record carries the title of the original, so the original is the work; one written
    or filled in here is a work of its own, and its sources come after it.
    """
    content = practice.content
    found = [url for row in content.provenance for url in (row.original_url, row.document_url)]
    found.append(content.website)
    here = address(practice)
    found = [*found, here] if practice.door in COLLECTED else [here, *found]
    return tuple(dict.fromkeys(url for url in found if url))


def _source(content: PracticeIn) -> str:
    named = [
        f"{row.source} {row.original_url or row.document_url}".strip()
        for row in content.provenance
        if row.source
    ]
    return one_line(", ".join(dict.fromkeys(named)))


_PERSON = re.compile(r"[^,]+, [^,]+")


def is_inverted_name(name: str) -> bool:
    """Whether a name is written "Family, Given"; any other is kept whole, as a body's would be."""
    return bool(_PERSON.fullmatch(name))
