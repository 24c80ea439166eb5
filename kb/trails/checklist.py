"""The sources as a check-list, each with a search link that is ready to follow."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote_plus, urlsplit

from sqlmodel import Session

from kb.directory import service as directory
from kb.directory.models import Source
from kb.trails.state import SourceEntry, TrailState

LinkKind = Literal["search", "site-search", "archive", "address", ""]

# For sources without a search of their own: a general search engine, held to the source's site.
_SITE_SEARCH = "https://duckduckgo.com/?q={query}"
# How much work a link leaves to whoever follows it.
_EASE: dict[LinkKind, int] = {"search": 0, "site-search": 1, "address": 2, "archive": 3, "": 4}
# States in which the source's own site has nothing left to search.
_GONE = {"dead", "archived"}


@dataclass(frozen=True)
class ChecklistRow:
    """One source and how things stand there in this trail.

    `link_kind` says what the link does: the source's own `search`, a `site-search` by a general
    engine, its kept copies (`archive`) or just its `address`.
    """

    id: str
    title: str
    holds: str
    aspects: list[str]
    source_state: str
    access: str
    tips: str
    link: str
    link_kind: LinkKind
    entry: SourceEntry | None

    @property
    def state(self) -> str:
        """todo, doing, done or nothing."""
        return self.entry.state if self.entry else "todo"

    @property
    def visited_at(self) -> datetime | None:
        """When the link was last followed in this trail."""
        return self.entry.visited_at if self.entry else None


def checklist(session: Session, state: TrailState, text: str = "") -> list[ChecklistRow]:
    """Every source that can be looked into; the links search for `text`, else the trail's words.

    Sources that answer what the brief asks (what, how, who, when) come first; among them those
    that can be searched now stand before what is only kept in an archive or not to be found.
    """
    words = text or search_words(state)
    rows = [
        _row(source, words, state)
        for source in directory.sources(session)
        if source.entry.get("url_now") or source.entry.get("harvest") != "file"
    ]
    wanted = set(state.brief.aspects)
    return sorted(
        rows,
        key=lambda row: (bool(wanted) and not wanted & set(row.aspects), _EASE[row.link_kind]),
    )


def search_words(state: TrailState) -> str:
    """Words to search other sites for: those of the latest search here, else the problem's kind."""
    typed = [query for query in state.queries if query.text]
    if typed:
        return max(typed, key=lambda query: (query.last_at, query.seq)).text
    return state.brief.problem if len(state.brief.problem.split()) <= 12 else ""


def _row(source: Source, words: str, state: TrailState) -> ChecklistRow:
    entry = source.entry
    link, kind = search_link(entry, words)
    return ChecklistRow(
        id=source.id,
        title=source.title,
        holds=entry.get("holds", ""),
        aspects=list(entry.get("aspects", [])),
        source_state=source.state,
        access=entry.get("access", ""),
        tips=entry.get("search_tips", ""),
        link=link,
        link_kind=kind,
        entry=state.sources.get(source.id),
    )


def search_link(entry: dict[str, Any], words: str) -> tuple[str, LinkKind]:
    """The best link into a source for these words, and what kind of link it is.

    >>> search_link({"search_template": "https://example.org/?s={query}"}, "alley gates")
    ('https://example.org/?s=alley+gates', 'search')
    """
    words = " ".join(words.split())[:300]
    template = entry.get("search_template", "")
    if template and words:
        return template.replace("{query}", quote_plus(words)), "search"
    address = entry.get("url_now", "")
    if entry.get("state") in _GONE:
        kept = entry.get("memento", "")
        return (kept, "archive") if kept else (address, "address" if address else "")
    if not address:
        return "", ""
    host = (urlsplit(address).hostname or "").removeprefix("www.")
    if not host or not words:
        return address, "address"
    return _SITE_SEARCH.format(query=quote_plus(f"site:{host} {words}")), "site-search"
