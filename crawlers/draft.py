"""A draft of a record from what a document says: values for fields, each with the words behind it.

A person checks every value; nothing here is published by itself.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from crawlers.contacts import LEFT_OUT, without_contacts
from crawlers.dates import in_words
from crawlers.extract import Extracted
from crawlers.facts import Facts
from crawlers.facts.costs import without_totals
from crawlers.facts.found import CostFound, DateFound, Found, OrganisationFound, PlaceFound
from kb.records.definition import MAX_TEXT

_NARRATIVES = {
    "scanning": "problem_statement",
    "analysis": "analysis_findings",
    "response": "response_summary",
    "assessment": "assessment_summary",
}
_STATED = 0.8  # confidence in what the document says of itself
_SURE = 0.6  # how sure a cost, date, place or body must be to be filled in
_MOST_ROWS = 12
_MOST_FUNDS = 4
_NOT_SAID_SPENT = "Planned. The document does not say that it was spent."


def draft_of(found: Extracted) -> dict[str, Any]:
    """The draft as plain data; kb/imports/uploads.py tells its shape."""
    draft: dict[str, Any] = {}
    passages: dict[str, dict[str, Any]] = {}

    def fill(field: str, value: Any, passage: str, confidence: float, found_by: str) -> None:
        if value:
            draft[field] = value
            passages[field] = {
                "passage": passage,
                "confidence": confidence,
                "found_by": found_by,
            }

    title = without_contacts(found.title)
    fill("title", title, title, _STATED, "document")
    fill("published_on", found.published, found.published, _STATED, "document")
    fill("language", found.language, "", _STATED, "document")
    for stage, section in found.structure.sections.items():
        fill(
            _NARRATIVES[stage],
            _within(without_contacts(section.text)),
            section.passage,
            section.confidence,
            section.found_by,
        )
    for field, value, rows in _stated(found.facts):
        passage = "\n".join(dict.fromkeys(text for row in rows for text in _words_behind(row)))
        least = min(row.confidence for row in rows)
        fill(field, value, passage, least, "words")
    return {
        "title": title,
        "published": found.published,
        "language": found.language,
        "text": found.text,
        "draft": draft,
        "passages": passages,
        "sections": {
            stage: {"text": section.text, **found.structure.sections_as_dicts()[stage]}
            for stage, section in found.structure.sections.items()
            if section.text
        },
        "tags": {
            _FIELDS.get(name, name): tags for name, tags in found.structure.tags_as_dicts().items()
        },
        "facts": found.facts.as_dict(),
        "contacts": [contact.as_dict() for contact in found.contacts],
        "tells_nothing": found.tells_nothing,
        "people": _still_named(found.facts, draft),
        "warnings": [*found.warnings, *_left_out(draft)],
    }


def _stated(facts: Facts) -> Iterator[tuple[str, Any, Sequence[Found]]]:
    """Fields with the costs, dates, place and bodies that are sure enough; what they rest on."""
    if costs := _costs(facts):
        yield "costs", [_cost(one) for one in costs], costs
    for kind in ("started", "ended"):
        dates = [one for one in facts.dates if one.kind == kind and one.confidence >= _SURE]
        if dates:
            yield kind, dates[0].date, dates[:1]
    yield from _compared(facts)
    places = [one for one in facts.places if one.confidence >= _SURE]
    if places:
        yield "place", _place(places), _places_used(places)
    paid = [one for one in facts.funding if one.confidence >= _SURE][:_MOST_FUNDS]
    if paid:
        yield "funding_stream", "; ".join(without_contacts(one.name) for one in paid), paid
    measured = [one for one in facts.evaluators if one.confidence >= _SURE and not one.to_come]
    if kinds := list(dict.fromkeys(one.kind for one in measured if one.kind)):
        yield "evaluators", kinds, [one for one in measured if one.kind]
    bodies = _partners(facts)
    if bodies:
        yield "partners", [_partner(one, facts) for one in bodies], bodies


def _costs(facts: Facts) -> list[CostFound]:
    """What was spent; where the text tells nothing of that, what was planned."""
    for kind in ("spent", "planned"):
        sure = [one for one in facts.costs if one.kind == kind and one.confidence >= _SURE]
        if sure:
            return without_totals(sure)[:_MOST_ROWS]
    return []


def _compared(facts: Facts) -> Iterator[tuple[str, Any, Sequence[Found]]]:
    """The period before, and the one after it where the text tells that too."""
    sure = [one for one in facts.dates if one.confidence >= _SURE]
    before = next((one for one in sure if one.kind == "baseline"), None)
    if before is None:
        return
    yield "before_period", _period(before), [before]
    after = [one for one in sure if one.kind == "evaluated" and one.date >= before.until]
    if after:
        yield "after_period", _period(after[0]), after[:1]


def _period(one: DateFound) -> str:
    """A period as a person writes it: "April 2020 to March 2021"."""
    return " to ".join(map(in_words, filter(None, (one.date, one.until))))


def _partners(facts: Facts) -> list[OrganisationFound]:
    """The bodies that took part: not who only looked at what came of it, or only paid."""
    only_measured = {one.name for one in facts.evaluators if not one.took_part}
    sure = [one for one in facts.organisations if one.confidence >= _SURE and one.took_part]
    return [
        one for one in sure if one.name not in only_measured and not _is_pot_of_money(one, facts)
    ][:_MOST_ROWS]


def _is_pot_of_money(one: OrganisationFound, facts: Facts) -> bool:
    """Whether it is only what paid: "Shared Prosperity Fund"."""
    return one.name.endswith(("Fund", "Grant", "Programme")) and any(
        one.name in paid.name for paid in facts.funding
    )


def _partner(one: OrganisationFound, facts: Facts) -> dict[str, Any]:
    roles = [
        role
        for role, bodies in (("fund", facts.funding), ("evaluate", facts.evaluators))
        if any(one.name == body.name and body.confidence >= _SURE for body in bodies)
    ]
    row = {"organisation": without_contacts(one.name), "roles": roles}
    return {name: value for name, value in row.items() if value}


def _words_behind(row: Found) -> list[str]:
    """The passages that a found thing rests on."""
    because = row.because if isinstance(row, PlaceFound) else ""
    return [text for text in (row.passage, because) if text]


def _cost(one: CostFound) -> dict[str, Any]:
    row = {
        "item": one.item,
        "low": one.low,
        "high": one.high,
        "currency": one.currency,
        "price_year": one.price_year,
        "recurring": one.recurring,
        "note": _NOT_SAID_SPENT if one.kind == "planned" else None,
    }
    return {name: value for name, value in row.items() if value is not None}


def _places_used(places: Sequence[PlaceFound]) -> list[PlaceFound]:
    """The place that is meant with the wider one it stands in: the surest small one comes first."""
    near = [one for one in places if one.kind not in ("country", "part")]
    first = (near or list(places))[0]
    wider = [one for one in places if one.kind in ("country", "part") and one is not first]
    return [first, *wider[:1]] if not (first.region or first.country) else [first]


def _place(places: Sequence[PlaceFound]) -> dict[str, Any]:
    first, *wider = _places_used(places)
    country = first.country or next((one.country for one in wider), "")
    if first.kind == "country":
        return {"country": country}
    region = first.region or next((one.name for one in wider if one.kind == "part"), "")
    row = {"name": first.name, "region": region if region != first.name else "", "country": country}
    return {name: value for name, value in row.items() if value}


# What `kb extract` calls a group of terms, where the record's field has another name.
_FIELDS = {"stages": "stage_of_practice", "outcomes": "intended_outcomes"}


def _still_named(facts: Facts, draft: dict[str, Any]) -> list[str]:
    """The people who are named in the texts of the draft."""
    texts = "\n".join(value for value in draft.values() if isinstance(value, str))
    return [one.name for one in facts.people if one.name in texts]


def _left_out(draft: dict[str, Any]) -> list[str]:
    """What the contributor is told when addresses or numbers were taken out."""
    if LEFT_OUT not in str(draft):
        return []
    return [f"E-mail addresses and telephone numbers were left out; “{LEFT_OUT}” stands there."]


def _within(text: str) -> str:
    """As many whole paragraphs as a field holds."""
    if len(text) <= MAX_TEXT:
        return text
    return text[:MAX_TEXT].rpartition("\n\n")[0] or text[:MAX_TEXT]
