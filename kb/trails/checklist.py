"""The sources as a check-list, each with a search link that is ready to follow."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import log
from typing import Any, Literal
from urllib.parse import quote_plus, urlsplit

from sqlmodel import Session

from kb.directory import service as directory
from kb.directory.models import Source
from kb.trails.state import SourceEntry, TrailState
from kb.vocabularies import vocabulary

LinkKind = Literal["search", "site-search", "archive", "address", ""]

# For sources without a search of their own: a general search engine, held to the source's site.
_SITE_SEARCH = "https://duckduckgo.com/?q={query}"
# How much work a link leaves to whoever follows it.
_EASE: dict[LinkKind, int] = {"search": 0, "site-search": 1, "address": 2, "archive": 3, "": 4}
# States in which the source's own site has nothing left to search.
_GONE = {"dead", "archived"}
# States in which somebody still looks after it, wherever it stands.
_KEPT_UP = {"live", "moved"}
_BEGIN_WITH = 10
# From so many records here on, more of them make a source no likelier to hold another.
_MANY = 10
# Longer than this it is a description, which no site's search is made for.
_MOST_WORDS = 12


@dataclass(frozen=True)
class ChecklistRow:
    """One source and how things stand there in this trail.

    `link_kind` says what the link does: the source's own `search`, a `site-search` by a general
    engine, its kept copies (`archive`) or just its `address`. `held` is how many records on the
    brief's kinds of problem this collection has from the source.
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
    held: int
    entry: SourceEntry | None

    @property
    def state(self) -> str:
        """todo, doing, done or nothing."""
        return self.entry.state if self.entry else "todo"

    @property
    def visited_at(self) -> datetime | None:
        """When the link was last followed in this trail."""
        return self.entry.visited_at if self.entry else None


def checklist(
    session: Session, state: TrailState, text: str = "", held: Mapping[str, int] | None = None
) -> list[ChecklistRow]:
    """Every source that can be looked into; the links search for `text`, else the trail's words.

    Sources that answer what the brief asks (what, how, who, when) come first; among them those
    that can be searched now stand before what is only kept in an archive or not to be found; among
    these those that fit the brief's problem best, by what they say they hold and by `held`: how
    many records on it came from each.
    """
    words = text or search_words(state)
    found = [
        source
        for source in directory.sources(session)
        if source.entry.get("url_now") or source.entry.get("harvest") != "file"
    ]
    told = {source.id: _stems(source.title, source.entry.get("holds", "")) for source in found}
    weights = _weights(_stems(*_about(state)), told.values())
    rows = [_row(source, words, state, (held or {}).get(source.id, 0)) for source in found]
    wanted = set(state.brief.aspects)

    def place(row: ChecklistRow) -> tuple[bool, int, float, bool, int]:
        beside = bool(wanted) and not wanted & set(row.aspects)
        fit = min(row.held, _MANY) + sum(weights.get(stem, 0.0) for stem in told[row.id])
        ease, away = _EASE[row.link_kind], row.source_state not in _KEPT_UP
        return beside, max(ease, 1), -fit, away, ease

    return sorted(rows, key=place)


def begin_with(rows: list[ChecklistRow], also: str = "") -> tuple[list[ChecklistRow], ...]:
    """The list in two: where to begin, with what was begun (or is `also` wanted); and the rest."""
    easy = [row.id for row in rows if row.link_kind in ("search", "site-search", "address")]
    first = {also, *easy[:_BEGIN_WITH], *(row.id for row in rows if row.entry)}
    return [row for row in rows if row.id in first], [row for row in rows if row.id not in first]


def _about(state: TrailState) -> Iterable[str]:
    """What the trail is about, in few words."""
    terms = vocabulary("problem_types")
    yield search_words(state)
    yield from (terms.label(code) for code in state.brief.problem_types if code in terms)


def _stems(*texts: str) -> frozenset[str]:
    """The words of some texts, without the endings of plurals."""
    words = re.findall(r"[^\W\d_]{4,}", " ".join(texts).casefold())
    return frozenset(re.sub(r"(?:ies|s|y)$", "", word) for word in words)


def _weights(wanted: frozenset[str], texts: Iterable[frozenset[str]]) -> dict[str, float]:
    """What each wanted word counts: much if few sources have it, nothing if all do."""
    told = list(texts)
    having = Counter(stem for stems in told for stem in stems & wanted)
    return {stem: log(len(told) / count) for stem, count in having.items()}


def search_words(state: TrailState) -> str:
    """Words to search other sites for: those of the latest search here, else of the brief."""
    typed = [query for query in state.queries if query.text]
    if typed:
        return max(typed, key=lambda query: (query.last_at, query.seq)).text
    told = (" ".join(text.split()) for text in (state.brief.question, state.brief.problem))
    return next((text for text in told if text and len(text.split()) <= _MOST_WORDS), "")


def _row(source: Source, words: str, state: TrailState, held: int) -> ChecklistRow:
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
        held=held,
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
