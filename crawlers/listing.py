"""A listing of items as one file: what can only be known from all its items together.

Items are objects with `title`, `agency`, `location`, `latitude`, `longitude`, `resource_link`,
`resource_type` and `resource_year`, any of which may be empty.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from crawlers.source import Doubt
from crawlers.titles import word_counts
from kb.records.identity import canonical_url, slug

Item = Mapping[str, Any]

_LONGEST_ADDRESS = 180  # an id may have 200 characters


class Listing:
    """Words, addresses and points of a listing, counted over all its items."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.words = word_counts(str(item.get("title") or "") for item in items)
        self._uses = Counter(
            canonical_url(link) for item in items if (link := text_of(item.get("resource_link")))
        )
        self._given: Counter[str] = Counter()
        self._agencies: dict[tuple[Any, Any], set[str]] = defaultdict(set)
        country_only: set[tuple[Any, Any]] = set()
        for item in items:
            if item.get("latitude") is not None:
                point = (item["latitude"], item.get("longitude"))
                self._agencies[point].add(text_of(item.get("agency")))
                if "," not in text_of(item.get("location")):
                    country_only.add(point)
        # A point that several agencies share, one of them placed by country alone, is the middle
        # of a country or state, not a place where anything was done.
        self._middles = {point for point in country_only if len(self._agencies[point]) > 1}

    def external_id(self, item: Item, address: str) -> str:
        """An id that stays the same from run to run: the listing's own ids are not unique."""
        used = canonical_url(address) if address else ""
        if not used or self._uses[used] > 1 or len(used) > _LONGEST_ADDRESS:
            parts = (item["resource_type"], item["title"], item["agency"], item["resource_year"])
            used = "/".join(slug(text_of(part), 90) for part in parts if part)
        self._given[used] += 1
        return used if self._given[used] == 1 else f"{used}#{self._given[used]}"

    def point(self, item: Item) -> dict[str, float]:
        """Coordinates to about a kilometre; none where they only mark the middle of a country."""
        found = (item["latitude"], item["longitude"])
        if None in found or found in self._middles:
            return {}
        return {"latitude": round(float(found[0]), 2), "longitude": round(float(found[1]), 2)}

    def doubts(self) -> Iterator[Doubt]:
        """What looks wrong about the listing as a whole."""
        for latitude, longitude in sorted(self._middles):
            agencies = sorted(self._agencies[(latitude, longitude)])
            yield Doubt(
                f"point {latitude:.2f}, {longitude:.2f}",
                f"stands for the middle of a country or state ({', '.join(agencies)}); not used",
            )
        for address, count in sorted(self._uses.items()):
            if count > 1:
                yield Doubt(address, f"is the document of {count} items")
        for used, count in sorted(self._given.items()):
            if count > 1:
                yield Doubt(used, f"{count} items agree in kind, title, agency and year")


def text_of(value: Any) -> str:
    """A value as text with single spaces; "" for nothing."""
    return re.sub(r"\s+", " ", str(value or "")).strip()


def years_in(link: str) -> set[int]:
    """Years that the address of a document states."""
    path = unquote(urlsplit(link).path)
    folder, _, file = path.rpartition("/")
    found = {int(year) for year in re.findall(r"/((?:19|20)\d\d)$", folder)}
    found |= {int(year) for year in re.findall(r"_((?:19|20)\d\d)(?=[_.])", file)}
    short = re.match(r"(\d\d)-\d\d", file)
    if short:
        found.add(int(short[1]) + (1900 if int(short[1]) > 50 else 2000))
    return found
