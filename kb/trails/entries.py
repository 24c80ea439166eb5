"""What a person writes into a trail, field by field, in the order of the five steps.

Declared as the fields of a record are, so that forms and reports read title, help and vocabulary
from here. Every field may stay empty: each step is optional. Nothing that is stored is checked
against these again, so a term that leaves a vocabulary later does no harm to old trails.
"""

import re
from typing import Any, TypeVar

from pydantic import ValidationError, field_validator

from kb.records.definition import Part, field, specs_of
from kb.records.errors import FieldError, rule_of
from kb.records.values import PartialDate, WebAddress
from kb.trails.errors import EntryInvalid

P = TypeVar("P", bound=Part)

TALK_STATES = ("todo", "doing", "done", "dropped")
SOURCE_STATES = {
    "todo": "To do",
    "doing": "Doing",
    "done": "Done",
    "nothing": "Nothing there",
}
MAX_MINUTES = 24 * 60
MAX_WORDS = 200  # characters of one item in a list of words


class Brief(Part):
    """Step 1, clarify: what the search is for."""

    question: str = field("What do you want to find out?", long=True, max_length=2000)
    problem: str = field(
        "What is the problem?", "Behaviour, place, people and time.", long=True, max_length=5000
    )
    problem_types: list[str] = field("Kind of problem", default=[], vocabulary="problem_types")
    aspects: list[str] = field(
        "What do you need to know?",
        "What to do, how to do it, who can help or when to do it.",
        default=[],
        vocabulary="aspects",
    )
    place: str = field("Where?", max_length=500)
    area_types: list[str] = field("Kind of area", default=[], vocabulary="area_types")
    resources: str = field("What do you have to work with?", long=True, max_length=2000)
    timescale: str = field("By when?", max_length=1000)
    risks: str = field("What may knock it off track?", long=True, max_length=2000)
    success: str = field("How will you know it worked?", long=True, max_length=2000)
    not_wanted: list[str] = field(
        "What are you not looking for?",
        "Words or phrases that leave a result out of every search in this trail.",
        default=[],
        max_length=50,
    )

    @field_validator("not_wanted", mode="before")
    @classmethod
    def _between_commas(cls, value: Any) -> Any:
        # "CCTV, dogs" on one line means two things: as one phrase it would leave nothing out.
        if not isinstance(value, list):
            return value
        return [
            part
            for item in value
            for part in (re.split(r"[,;]", item) if isinstance(item, str) else [item])
            if part != ""
        ]


class Talk(Part):
    """Step 2, talk to other people: who said what, and where it leads."""

    who: str = field("Who?", max_length=500)
    contact: str = field("How to reach them", max_length=500)
    when: PartialDate = field("When?")
    said: str = field("What they said", long=True, max_length=5000)
    lead: str = field("Lead to follow", "It becomes a task.", max_length=1000)
    follow_up: PartialDate = field("Follow up on")


class Task(Part):
    """How the lead of a talk stands."""

    note: str = field("Note", max_length=2000)


class BroadSearch(Part):
    """Step 3, a first broad search with a time limit."""

    limit_minutes: int = field("Time limit in minutes", default=20, ge=1, le=MAX_MINUTES)
    engine: str = field("Where you search", example="a general search engine", max_length=200)
    query: str = field("Words you search for", max_length=1000)


class SourceStep(Part):
    """Step 4, one source of the check-list."""

    query: str = field("Words you searched for", max_length=1000)
    filters: str = field("Limits you set", max_length=1000)
    hits_seen: int | None = field("How many results", default=None, ge=0)
    minutes: int | None = field("Minutes spent", default=None, ge=0)
    note: str = field("Note", long=True, max_length=2000)


class Finding(Part):
    """Step 5, one result: a record, a page elsewhere, or something entered by hand."""

    record: str = field("Record", "Its id here.", max_length=100)
    url: WebAddress = field("Address")
    title: str = field("Title", max_length=500)
    found_in: str = field(
        "Where you found it",
        "A source, a search engine, a person, or a search on this site.",
        max_length=1000,
    )
    useful: str | None = field("How useful?", default=None, vocabulary="usefulness")
    why: list[str] = field("Why?", default=[], vocabulary="usefulness_reasons")
    used_for: str | None = field("Used for", default=None, vocabulary="usefulness_uses")
    note: str = field("Note", long=True, max_length=5000)
    quote: str = field("Quotation", long=True, max_length=5000)


class DeadEnd(Part):
    """Something tried that led nowhere, kept so that nobody tries it again."""

    what: str = field("What was tried", max_length=1000)
    where: str = field("Where", max_length=500)
    why: str = field("Why it led nowhere", max_length=2000)


class Comparison(Part):
    """Records laid side by side."""

    title: str = field("Name", max_length=200)
    records: list[str] = field("Records", "Ids of two to four records.", default=[], max_length=4)
    note: str = field("What the comparison shows", long=True, max_length=5000)


class Closing(Part):
    """How a trail ends."""

    answer: str = field("Answer", "What you found out.", long=True, max_length=10_000)
    gaps: str = field("What is still missing", long=True, max_length=5000)
    decision: str = field("What was decided", long=True, max_length=5000)
    next: str = field("Next steps", long=True, max_length=5000)


class Param(Part):
    """One parameter of a search in the address grammar of the site."""

    name: str = field("Name", max_length=100)
    value: str = field("Value", max_length=5000)


class QueryRun(Part):
    """A search as it was run on this site."""

    params: list[Param] = field("Parameters", default=[], max_length=500)
    total: int = field("Results", default=0, ge=0)
    fingerprint: str = field("State of the index", max_length=200)
    excluded: list[str] = field("Left out", default=[])


class Title(Part):
    """The name of a trail."""

    title: str = field("Name of this search", submit=True, max_length=200)


def checked(model: type[P], data: dict[str, Any]) -> P:
    """What was entered, cleaned. Raises EntryInvalid naming each field, rule and value."""
    try:
        entry = model.model_validate(data)
    except ValidationError as error:
        raise EntryInvalid([_field_error(model, dict(item)) for item in error.errors()]) from None
    too_long = [
        FieldError(spec.name, spec.title, f"at most {MAX_WORDS} characters each", item[:120])
        for spec in specs_of(model)
        if spec.kind == "texts"
        for item in getattr(entry, spec.name)
        if len(item) > MAX_WORDS
    ]
    if too_long:
        raise EntryInvalid(too_long)
    return entry


def given(entry: Part, data: dict[str, Any]) -> dict[str, Any]:
    """The cleaned values of just those fields that `data` names: a change of some leaves others."""
    values = entry.model_dump(mode="json")
    return {name: values[name] for name in data if name in values}


def invalid(field_name: str, title: str, rule: str, value: str = "") -> EntryInvalid:
    """An error about one field, for rules that a model cannot know."""
    return EntryInvalid([FieldError(field_name, title, rule, value)])


def _field_error(model: type[Part], item: dict[str, Any]) -> FieldError:
    path = [part for part in item["loc"] if isinstance(part, (str, int))]
    titles = {spec.name: spec.title for spec in specs_of(model)}
    steps = [str(part + 1) if isinstance(part, int) else part for part in path]
    value = item.get("input")
    shown = "" if isinstance(value, (dict, list)) else repr(value)[:120]
    top = str(path[0]) if path else ""
    return FieldError(".".join(steps) or "entry", titles.get(top, "Entry"), rule_of(item), shown)
