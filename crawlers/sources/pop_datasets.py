"""POP Data Sets: a public listing of award entries and guides on problem-oriented policing.

One JSON file holds all items. An award entry carries agency, place, year, result and the address
of its document; a guide carries authors, chapters and a number in its series. The listing calls
its entries Goldstein Award entries; where an address names a scheme, that counts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crawlers.errors import LayoutChanged
from crawlers.listing import Item, Listing, text_of, years_in
from crawlers.page import Page
from crawlers.source import UNREADABLE, Broken, Doubt, Finding, Source, broken_by
from crawlers.titles import tidy_title
from kb.records.identity import fingerprint
from kb.vocabularies import vocabulary

_SCHEMES = {"goldstein": "Goldstein Award", "tilley": "Tilley Award"}
_LISTED_AS = "goldstein"
_LEVELS = {
    "winner": ("winner", "Winner of the {round}, entered by {agency}."),
    "finalist": ("finalist", "Finalist for the {round}, entered by {agency}."),
    "honorable mention": (
        "honourable-mention",
        "Honourable mention in the {round}, entered by {agency}.",
    ),
    # "Submission" stands where the listing gives no result, beside entries known to have won.
    "submission": (
        "not-stated",
        "Entry by {agency} for the {round}. The listing does not say how far it got.",
    ),
}
_GUIDES = {
    "Problem Guide": ["what", "how"],
    "Response Guide": ["what", "how"],
    "Tool Guide": ["how"],
    "Foundational Resource": ["how"],
}
_DOCUMENTS = ("pdf", "docx")
_APPARATUS = re.compile(r"endnotes?|references|related|appendix|recommended|bibliography", re.I)
_POLICE = re.compile(r"poli[cz]|polit[iï]|constabular|carabiner|sheriff|highway patrol", re.I)


class PopDatasets(Source):
    """The listing file `content.json`."""

    id = "pop-datasets"
    title = "POP Data Sets: listing of problem-oriented policing material"
    publisher = "Center for Problem-Oriented Policing"
    country = "us"
    licence = "all-rights"  # of the documents; the listing itself is MIT
    home = "https://github.com/michael-zidar/pop_projects"
    language = "en"
    kind = "file"
    files = ("content.json",)
    fewest = 1000
    most = 3000
    fill_rates = {
        "place.country": 0.85,
        "published_on": 0.99,
        "provenance.document_url": 0.95,
        "partners": 0.85,
        "suggested_tags": 0.45,
    }

    def records(self, page: Page) -> Iterator[Finding]:
        """Every item of the listing."""
        items = page.json
        if not isinstance(items, list) or not items:
            raise LayoutChanged(page.url, "a list of items")
        known = [item for item in items if isinstance(item, dict)]
        listing = Listing(known)
        for position, item in enumerate(items, 1):
            title = item.get("title") if isinstance(item, dict) else ""
            name = text_of(title)[:100] or f"item {position}"
            if not isinstance(item, dict):
                yield Broken(name, "is not an object with fields")
                continue
            try:
                kind = item["resource_type"]
                if kind in _DOCUMENTS:
                    yield from self._doubts(name, item)
                    yield self.record(name, self._entry(page, item, listing))
                elif kind in _GUIDES:
                    yield self.record(name, self._guide(page, item, listing))
                else:
                    yield Broken(name, f"resource_type '{kind}' is not one that is known")
            except UNREADABLE as error:
                yield broken_by(name, error)
        yield from listing.doubts()

    def _entry(self, page: Page, item: Item, listing: Listing) -> dict[str, Any]:
        agency, year = text_of(item["agency"]), _year(item)
        link = page.link(text_of(item["resource_link"])) if text_of(item["resource_link"]) else ""
        scheme = _scheme(link)
        level, sentence = _level(item)
        place = _place(item, listing)
        facts = []
        if not re.search(r"awards/\w+/", link):
            facts.append(
                {
                    "statement": f"Entered for the {_SCHEMES[scheme]}",
                    "passage": "What the listing says of all its entries; the address of this one "
                    "does not name the scheme.",
                }
            )
        return {
            **self._common(page, item, listing, link, ""),
            "record_type": "award-entry",
            "summary": sentence.format(
                round=f"{year} {_SCHEMES[scheme]}", agency=f"{agency} ({_where(place)})"
            ),
            "aspects": ["what", "who"],
            "place": {**place, "police_force": agency if _POLICE.search(agency) else ""},
            "partners": [
                {
                    "organisation": agency,
                    "sectors": ["police"] if _POLICE.search(agency) else [],
                    "roles": ["lead"],
                }
            ],
            "awards": [{"scheme": scheme, "year": year, "level": level, "entry_url": link}],
            "facts": facts,
        }

    def _guide(self, page: Page, item: Item, listing: Listing) -> dict[str, Any]:
        kind, year = str(item["resource_type"]), _year(item)
        chapters = [text_of(section["title"]) for section in item["sections"] or []]
        authors = [
            name
            for name in re.split(r",\s*(?:and\s+)?|\s+(?:and|&|with)\s+", text_of(item["author"]))
            if name
        ]
        number = text_of(item["description"])
        series = f"{kind} no. {number}" if number.isdigit() else kind
        told = [chapter for chapter in chapters if not _APPARATUS.search(chapter)]
        summary = f"{series} of the {self.publisher}, by {_joined(authors)} ({year})."
        while told and len(f"{summary} {' '.join(told)}".split()) > 95:
            told.pop()
        if told:
            summary += f" Chapters: {'; '.join(told)}."
        link = page.link(text_of(item["resource_link"])) if text_of(item["resource_link"]) else ""
        return {
            **self._common(page, item, listing, link, page.link(text_of(item["source_url"]))),
            "record_type": "guide",
            "summary": summary,
            "aspects": _GUIDES[kind],
            "authors": authors,
            "publisher": self.publisher,
            "sections_there": chapters,
        }

    def _common(
        self, page: Page, item: Item, listing: Listing, link: str, original: str
    ) -> dict[str, Any]:
        from index.classify import suggest_terms  # here, so that sources are listed without it

        title = tidy_title(text_of(item["title"]), listing.words)
        if not title:
            raise ValueError("it has no title")
        return {
            "title": title,
            "published_on": _year(item),
            "language": self.language,
            "licence": self.licence,
            "read": "listing",
            "suggested_tags": [
                {
                    "field_name": field,
                    "code": found.code,
                    "confidence": found.confidence,
                    "because": f"the title says “{found.because}”",
                }
                for field in ("problem_types", "response_types")
                for found in suggest_terms(title, field)
            ],
            "provenance": [
                {
                    "source": self.id,
                    "external_id": listing.external_id(item, link or original),
                    "title": item["title"],
                    "original_url": original,
                    "document_url": link,
                    "captured_on": page.fetched_at.date(),
                    "content_hash": fingerprint(item),
                    "harvest_kind": "file",
                    "format": "json",
                }
            ],
        }

    def _doubts(self, name: str, item: Item) -> Iterator[Doubt]:
        year, link, stated = item["resource_year"], text_of(item["resource_link"]), _result(item)
        others = sorted(years_in(link) - {year})
        if others:
            yield Doubt(
                name, f"listed under {year}, but its address says {' and '.join(map(str, others))}"
            )
        if stated not in _LEVELS:
            yield Doubt(name, f"result '{item['description']}' is not one that is known")
        marked = re.search(r"\((W|F)\)|\d\d-\d+(w|f)[_.]", link)
        means = {"w": "winner", "f": "finalist"}[(marked[1] or marked[2]).lower()] if marked else ""
        if means and (stated == "submission" or (means == "winner" and stated != "winner")):
            yield Doubt(
                name, f"its file name is marked {means}, but the result is '{item['description']}'"
            )
        if text_of(item["title"]).casefold() == text_of(item["agency"]).casefold():
            yield Doubt(name, "its title is only the name of the agency")


def _year(item: Item) -> int:
    year = item["resource_year"]
    if not isinstance(year, int):
        raise TypeError(f"its year '{year}' is not a year")
    return year


def _result(item: Item) -> str:
    return text_of(item["description"]).casefold().rstrip("!").replace("honourable", "honorable")


def _level(item: Item) -> tuple[str, str]:
    return _LEVELS.get(_result(item), _LEVELS["submission"])


def _scheme(link: str) -> str:
    named = re.search(r"awards/(\w+)/", link)
    return named[1] if named and named[1] in _SCHEMES else _LISTED_AS


def _place(item: Item, listing: Listing) -> dict[str, Any]:
    countries = vocabulary("countries")
    country = countries.resolve(text_of(item["country"]))
    parts = [part.strip() for part in text_of(item["location"]).split(",")][:-1]
    nations = {term.label: term.code for term in countries.children(country)}
    region = parts.pop() if parts else ""
    if region in nations:
        country, region = nations[region], ""
    return {
        "name": parts[0] if parts else "",
        "region": region,
        "country": country,
        **listing.point(item),
    }


def _where(place: Mapping[str, Any]) -> str:
    country = vocabulary("countries").label(place["country"])
    return ", ".join(part for part in (place["name"], place["region"], country) if part)


def _joined(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names) or "an author not named"
    return f"{', '.join(names[:-1])} and {names[-1]}"
