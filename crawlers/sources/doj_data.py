"""US Department of Justice data catalogue: studies and data sets in the form of `data.json`.

Each data set is one record. Many are the same study in another year: they are kept, each for
itself, and named as parts of one record of their series, which is made here from what they share.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from crawlers.data_items import catalogue
from crawlers.errors import DiscoveryFailed, LayoutChanged
from crawlers.page import Page
from crawlers.source import UNREADABLE, Finding, Source, broken_by
from crawlers.suggest import suggested_tags
from kb.records.identity import fingerprint, slug

Item = Mapping[str, Any]

_YEAR = r"(?:19|20)\d\d"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIMES = re.compile(
    rf"\b(?:(?:FY|fiscal year|calendar year)\s*)?(?:(?:{_MONTHS})\s+(?:\d{{1,2}},?\s+)?)?"
    rf"{_YEAR}(?:\s*(?:[-\u2013/]|to|and|through)\s*(?:(?:FY\s*)?{_YEAR}|\d\d)\b)?",
    re.I,
)
_COUNTRY = re.compile(r"\[?\bUnited States\b\]?", re.I)
_MOST_SUMMARY_WORDS = 95
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z(\"'])")


class DojData(Source):
    """The catalogue, whole or as one record a line."""

    id = "doj-data"
    title = "US Department of Justice data catalogue"
    publisher = "US Department of Justice"
    country = "us"
    licence = "public-domain"
    home = "https://www.justice.gov/data.json"
    language = "en"
    kind = "file"
    files = ("records.jsonl", "data.json")
    fewest = 500
    most = 3000
    fill_rates = {
        "summary": 0.95,
        "publisher": 0.99,
        "published_on": 0.9,
        "provenance.original_url": 0.6,
        "suggested_tags": 0.5,
    }

    def records(self, page: Page) -> Iterator[Finding]:
        """The series, then every data set. Raises LayoutChanged when there are no data sets."""
        try:
            items = catalogue(page)
        except DiscoveryFailed:
            raise LayoutChanged(page.url, "a list of data sets with titles") from None
        series = {key: members for key, members in _by_series(items).items() if len(members) > 1}
        for key, members in series.items():
            yield self.record(key, self._series(page, key, members))
        for item in items:
            name = _line(item.get("title"))[:100]
            try:
                key = series_key(_line(item["title"]), _publisher(item))
                parent = _series_id(key) if key in series else ""
                yield self.record(name, self._data_set(page, item, parent))
            except UNREADABLE as error:
                yield broken_by(name, error)

    def _data_set(self, page: Page, item: Item, parent: str) -> dict[str, Any]:
        title, description = _line(item["title"]), _line(item.get("description"))
        address = page.link(_line(item["url"])) if _line(item.get("url")) else ""
        landing = page.link(_line(item["landingPage"])) if _line(item.get("landingPage")) else ""
        external_id = _line(item.get("identifier")) or address
        if not external_id:
            raise ValueError("it has neither an identifier nor an address")
        keywords = _keywords(item)
        return {
            **self._common(page),
            "title": title,
            "summary": _shortened(description) or f"{title}, by the {_publisher(item)}.",
            "publisher": _publisher(item),
            "published_on": _date(item.get("issued")) or _date(item.get("modified")),
            "keywords": keywords,
            "parent": parent,
            "suggested_tags": _suggested(title, description, keywords),
            "website": landing or address,
            "body": [{"text": description}] if description else [],
            "provenance": [
                self._provenance(
                    page,
                    external_id=external_id,
                    title=title,
                    original_url=address or _entry_address(page, external_id),
                    content_hash=fingerprint(dict(item)),
                )
            ],
        }

    def _series(self, page: Page, key: str, members: Sequence[Item]) -> dict[str, Any]:
        """What the studies of a series share, counted from them."""
        years = sorted(
            {year for item in members for year in re.findall(_YEAR, _line(item["title"]))}
        )
        span = f"{years[0]} to {years[-1]}" if len(years) > 1 else "".join(years)
        name = _series_name(_line(members[0]["title"]))
        publishers = list(dict.fromkeys(_publisher(item) for item in members))
        shared = sorted(set.intersection(*(set(_keywords(item)) for item in members)))
        return {
            **self._common(page),
            "id": _series_id(key),
            "title": f"{name} (series)",
            "summary": f"{len(members)} data sets of one series in the catalogue of the "
            f"{self.publisher}, by the {' and the '.join(publishers)}"
            + (f", for {span}." if span else "."),
            "publisher": publishers[0],
            "keywords": shared,
            "suggested_tags": _suggested(name, "", shared),
            "provenance": [
                self._provenance(
                    page,
                    external_id=_series_id(key),
                    title=name,
                    original_url=_entry_address(page, _series_id(key)),
                    content_hash=fingerprint([_line(item["title"]) for item in members]),
                )
            ],
        }

    def _common(self, page: Page) -> dict[str, Any]:
        return {
            "record_type": "dataset",
            "aspects": ["what"],
            "place": {"country": self.country},
            "language": self.language,
            "licence": self.licence,
            "read": "listing",
        }

    def _provenance(self, page: Page, **known: str) -> dict[str, Any]:
        return {
            "source": self.id,
            "captured_on": page.fetched_at.date(),
            "harvest_kind": "file",
            "format": "json",
            **known,
        }


def _entry_address(page: Page, entry: str) -> str:
    """The address of an entry that has none of its own: that of the catalogue.

    What follows the question mark only tells entries apart; one landing page or catalogue stands
    for many, and records with one address and like titles would count as one.
    """
    return f"{page.url}?{urlencode({'entry': entry})}"


def _by_series(items: Sequence[Item]) -> dict[str, list[Item]]:
    grouped: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        title = _line(item.get("title"))
        if re.search(_YEAR, title):
            grouped[series_key(title, _publisher(item))].append(item)
    return dict(grouped)


def series_key(title: str, publisher: str) -> str:
    """What the titles of one series have in common: all but times, country and punctuation."""
    bare = _COUNTRY.sub(" ", _TIMES.sub(" ", title))
    return " ".join(re.findall(r"[^\W_]+", f"{bare} {publisher}".casefold()))


def _series_name(title: str) -> str:
    """A title without the time of its study."""
    bare = _TIMES.sub(" ", title).replace("[United States]", " ")
    bare = re.sub(r"\(\s*\)|\[\s*\]", " ", bare)
    bare = re.sub(r"\s+([,:;.)\]])", r"\1", re.sub(r"\s+", " ", bare))
    bare = re.sub(r",+(?=[,:])|,(?=\s*[\[(])", "", bare)
    return bare.strip(" ,:;-\u2013")


def _series_id(key: str) -> str:
    return f"doj-series-{slug(key, 60)}-{fingerprint(key)[:8]}"


def _publisher(item: Item) -> str:
    """The name of a publisher, which the form gives as text or as an object."""
    found = item.get("publisher")
    if isinstance(found, Mapping):
        found = found.get("name")
    return _line(found)


def _keywords(item: Item) -> list[str]:
    found = item.get("keyword")
    words = map(_line, found) if isinstance(found, list) else []
    return list(dict.fromkeys(filter(None, words)))


def _line(value: Any) -> str:
    return re.sub(r"\s+", " ", value).strip() if isinstance(value, str) else ""


def _date(value: Any) -> str:
    found = re.match(r"\d{4}(?:-\d\d(?:-\d\d)?)?", _line(value))
    return found[0] if found else ""


def _shortened(text: str) -> str:
    """The first sentences, as many as a summary may hold."""
    kept: list[str] = []
    for sentence in _SENTENCE.split(text):
        if len(" ".join([*kept, sentence]).split()) > _MOST_SUMMARY_WORDS:
            break
        kept.append(sentence)
    if not kept:
        words = text.split()
        return " ".join(words[:_MOST_SUMMARY_WORDS]) + ("…" if words else "")
    return " ".join(kept)


def _suggested(title: str, description: str, keywords: Sequence[str]) -> list[dict[str, Any]]:
    return suggested_tags(
        (
            ("the title says", title, 1.0),
            ("a keyword says", ". ".join(keywords), 0.9),
            ("the description says", description, 0.6),
        )
    )
