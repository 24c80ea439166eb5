"""What a source is: facts about a site, and the parser of its pages. It neither fetches nor saves.

Each source is one class in one file of `crawlers/sources/`. The file's name is the source's id
with underscores for hyphens, and the directory entry of the same id stands in `seeds/sources/`.
"""

import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

from crawlers import sources as _sources_folder
from crawlers.errors import SourceUnknown
from crawlers.page import Page
from kb.errors import TermUnknown
from kb.records import PracticeIn
from kb.records.errors import RecordInvalid
from kb.records.identity import fingerprint
from kb.records.service import parse
from kb.vocabularies import vocabulary


@dataclass(frozen=True, slots=True)
class Broken:
    """An item that cannot be made a record: its name on the page, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something on a page that is likely or certainly wrong, and was taken as it stands."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Gone:
    """An item, by the id that the source gives it, that the source says it took back on a day."""

    external_id: str
    day: str = ""


Finding = PracticeIn | Broken | Doubt | Gone

UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, TermUnknown)
"""What reading one item may raise when the item is not as it should be."""


def broken_by(name: str, error: Exception) -> Broken:
    """An item as broken by what reading it raised (one of UNREADABLE)."""
    if isinstance(error, KeyError):
        return Broken(name, f"it has no {error}")
    return Broken(name, str(error) or type(error).__name__)


_FILE = re.compile(
    r"\.(?:pdf|docx?|odt|rtf|xlsx?|csv|pptx?|zip|gz|jpe?g|png|gif|svg|webp|mp[34]|css|js)(?:$|[?#])",
    re.I,
)
"""Addresses of what no parser of pages reads; a record names them, a run does not fetch them."""

HARVEST_KINDS = {"live": "live-html", "archive": "archive", "file": "file"}


class Source:
    """Base of every source: set the class attributes, and write `records` (and `links`).

    `fewest` and `most` bound the records of one whole run; `fill_rates` gives for a field (or a
    column, such as `place.country`) the least share of records that must have it. A run outside
    them is a failed run: the site has changed, or the parser is wrong.
    """

    id: ClassVar[str]
    title: ClassVar[str]
    publisher: ClassVar[str]
    country: ClassVar[str]
    licence: ClassVar[str]
    home: ClassVar[str]
    language: ClassVar[str]
    fewest: ClassVar[int]
    most: ClassVar[int]
    fill_rates: ClassVar[Mapping[str, float]]
    files: ClassVar[tuple[str, ...]] = ("*.html", "*.htm")
    """Names of the files read when a run is given a folder."""
    kind: ClassVar[str] = "live"
    """live: pages of the site itself; archive: copies in web archives; file: a file at hand."""
    starts: ClassVar[tuple[str, ...]] = ()
    """Addresses where a run begins; it goes on along `links`."""
    follow: ClassVar[re.Pattern[str] | None] = None
    """What the addresses of further pages look like; no link is followed without it."""
    found_by: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Further starts: ("sitemap", address or "robots.txt"), ("feed", address), ("list", address).
    Of what these name, what `follow` fits is read."""
    prefixes: ClassVar[tuple[str, ...]] = ()
    """For an archive: every page with a copy whose address begins with one of these is read too."""
    near: ClassVar[str] = ""
    """For an archive: the day whose copies are wanted, as yyyy-mm-dd."""
    examples: ClassVar[str] = ""
    """The folder of its example pages, where it shares them with others."""

    def links(self, page: Page) -> Iterator[str]:
        """Full addresses of further pages to read: the links that `follow` fits, files left out."""
        for anchor in page.soup.select("a[href]") if self.follow else ():
            address = page.link(str(anchor["href"]))
            if self.follow and self.follow.search(address) and not _FILE.search(address):
                yield address

    def records(self, page: Page) -> Iterator[Finding]:
        """Everything a page holds, in its order. Raises LayoutChanged when it holds nothing known.

        One item that cannot be read is a `Broken`, and the others follow it.
        """
        raise NotImplementedError

    def origin(
        self,
        page: Page,
        *,
        external_id: str,
        title: str,
        read: Any,
        original_url: str = "",
        document_url: str = "",
    ) -> list[dict[str, str]]:
        """The provenance of an item: where it stood, and when and how it was read.

        `read` is what was read of it, of which the hash is kept. The address is the page's own
        unless the item has one.
        """
        return [
            {
                "source": self.id,
                "external_id": external_id,
                "title": title,
                "original_url": original_url or page.url,
                "document_url": document_url,
                "memento_url": page.memento_url,
                "captured_on": page.captured_at.date().isoformat(),
                "content_hash": fingerprint(read),
                "harvest_kind": HARVEST_KINDS[self.kind],
                "format": "html",
            }
        ]

    def may_keep_text(self) -> bool:
        """Whether the licence lets the whole text be kept and shown."""
        licence = vocabulary("licences").term(self.licence)
        return bool(licence.flag("store_full") and licence.flag("show_summary"))

    def record(self, name: str, data: Mapping[str, Any]) -> PracticeIn | Broken:
        """A record from plain data, or the item as broken, with every rule that it breaks."""
        try:
            return parse(dict(data))
        except RecordInvalid as error:
            return Broken(name, "; ".join(map(str, error.errors)))


ATTRIBUTES = (
    "id",
    "title",
    "publisher",
    "country",
    "licence",
    "home",
    "language",
    "fewest",
    "most",
    "fill_rates",
    "kind",
)


def known_sources() -> dict[str, type[Source]]:
    """Every source by id: those with a file in `crawlers/sources`, and those declared in entries.

    A file goes before an entry.
    """
    from crawlers.declared import declared_sources  # which builds on this module

    found: dict[str, type[Source]] = dict(declared_sources())
    for module in pkgutil.iter_modules(_sources_folder.__path__):
        held = import_module(f"{_sources_folder.__name__}.{module.name}")
        for _, item in inspect.getmembers(held, inspect.isclass):
            if issubclass(item, Source) and item.__module__ == held.__name__ and "id" in vars(item):
                found[item.id] = item
    return dict(sorted(found.items()))


def source_named(source_id: str) -> Source:
    """The source with this id. Raises SourceUnknown."""
    known = known_sources()
    if source_id not in known:
        raise SourceUnknown(source_id, known)
    return known[source_id]()


def source_file(source_id: str) -> Path:
    """Where the file of a source stands or would stand."""
    return Path(_sources_folder.__path__[0]) / f"{source_id.replace('-', '_')}.py"
