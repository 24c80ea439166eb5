"""A result as pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from index.results import Hit
from kb.records import GROUPS
from web import urls
from web.labels import Labels

_SECTIONS = {group.id: group.title for group in GROUPS} | {
    "summary": "Summary",
    "text": "Text",
    "body": "Text",
    "title": "Title",
}


@dataclass(frozen=True)
class HitView:
    """One result: what it is, where it matched and why."""

    id: str
    title: str
    href: str
    record_type: str
    state: str
    line: str
    stage: str
    award: str
    snippet: tuple[tuple[str, bool], ...]
    summary: str
    sections: tuple[str, ...]
    by_meaning: bool
    reasons: tuple[str, ...]
    harmed: bool
    starts: tuple[str, ...] = ()


def section_title(name: str) -> str:
    """What a section of a record is called."""
    return _SECTIONS.get(name, name.capitalize())


def card_view(
    record_id: str,
    title: str,
    card: Mapping[str, Any],
    labels: Labels,
    snippet: tuple[tuple[str, bool], ...] = (),
    sections: tuple[str, ...] = (),
    reasons: tuple[str, ...] = (),
) -> HitView:
    """A record from its card in the index."""
    facets: Mapping[str, list[str]] = card.get("facets", {})

    def named(facet: str) -> list[str]:
        return [labels.facet_value(facet, code) for code in facets.get(facet, ())]

    line = [*named("problem")[:2], *named("country")[:1], *facets.get("year", [])[:1]]
    awards = [code for code in facets.get("award", ()) if code.endswith(":winner")]
    return HitView(
        id=record_id,
        title=title,
        href=urls.record(record_id),
        record_type=next(iter(facets.get("kind", ())), ""),
        state=card.get("state", ""),
        line=" · ".join(line),
        stage=next(iter(named("stage")), ""),
        award=labels.facet_value("award", awards[0]) if awards else "",
        snippet=snippet,
        summary="" if snippet else card.get("summary", ""),
        sections=tuple(section_title(name) for name in sections),
        by_meaning=False,
        reasons=reasons,
        harmed="worse" in facets.get("result", ()),
    )


def hit_view(hit: Hit, labels: Labels) -> HitView:
    """A hit of a search."""

    made = card_view(hit.id, hit.title, hit.card, labels, hit.snippet, hit.sections, hit.reasons)
    return replace(made, by_meaning=hit.found_by == "meaning", starts=hit.starts)
