"""The report of a trail: question, method, what was found and rejected, contacts, gaps, references.

`report` gathers it once, from the log; `report_files` writes it as Word, Markdown or CSV, and a
print page can show the same sections.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from kb.database import now
from kb.exports.gate import open_part
from kb.exports.outline import NOT_REPORTED, Item, card
from kb.records import Practice
from kb.records import service as records
from kb.records.definition import Part, specs_of
from kb.records.text import shown
from kb.settings import settings
from kb.trails import references, report_method, service
from kb.trails.access import Viewer
from kb.trails.models import Trail
from kb.trails.report_text import day, label, source_titles
from kb.trails.seen import seen
from kb.trails.shown import HIDDEN
from kb.trails.state import ComparisonEntry, ResultEntry, TrailState, typed
from kb.trails.usefulness import level

FilterLabel = Callable[[str, str], str]
"""Says a search filter in words, from its parameter's name and value."""

Section = tuple[str, list[Item]]

# The rows of a comparison beside the card: one text of each SARA step.
_COMPARED = (
    ("Scanning", "problem_statement"),
    ("Analysis", "analysis_findings"),
    ("Response", "response_summary"),
    ("Assessment", "assessment_summary"),
)


@dataclass(frozen=True)
class Report:
    """A whole report. `results` and `records` are what tables and reference files are made of."""

    trail_id: str
    title: str
    question: str
    made_at: datetime
    state: TrailState
    sections: list[Section]
    results: list[ResultEntry]
    records: dict[str, Practice]


def _plain_filter(name: str, value: str) -> str:
    return f"{name}: {value}"


def report(
    session: Session,
    trail_id: str,
    viewer: Viewer,
    *,
    filter_label: FilterLabel = _plain_filter,
) -> Report:
    """The report of a trail that this person may read. Raises TrailNotFound."""
    return report_of(session, service.readable(session, trail_id, viewer), filter_label)


def report_of(session: Session, trail: Trail, filter_label: FilterLabel = _plain_filter) -> Report:
    """The report of a trail, whoever asks.

    Records that are no longer public are counted but not named, and of the others only what may be
    passed on is told.
    """
    trail_id, state = trail.id, typed(trail.state)
    shown_before = seen(session, trail)
    practices = _practices(session, state)
    results = sorted(
        [_named(result, state, practices) for result in state.results],
        key=lambda item: (-_level(item), item.seq),
    )
    titles = source_titles(session, state)
    method = report_method.Method(state, titles, filter_label, practices, shown_before)
    kept = [result for result in results if not result.rejected]
    rejected = [result for result in results if result.rejected]
    sections: list[Section] = [
        ("Question", _fields(state.brief)),
        ("Conclusion", _fields(state.closing, without=("gaps",))),
        ("Method, step by step", method.steps()),
        ("How the searching was done (PRISMA-S items)", method.prisma_s(len(kept), len(rejected))),
        ("What was found", [_finding(result) for result in kept]),
        ("What was rejected and why", _rejected(rejected)),
        ("Comparisons", [_comparison(item, practices) for item in state.comparisons]),
        ("Contacts", _contacts(state, kept, practices)),
        ("Gaps", _gaps(state)),
        ("References", _references(kept, practices)),
    ]
    return Report(
        trail_id=trail_id,
        title=state.title or "Search for good practice",
        question=state.brief.question or state.brief.problem,
        made_at=now(),
        state=state,
        sections=[(title, items) for title, items in sections if items],
        results=results,
        records={result.record: practices[result.record] for result in kept if result.record},
    )


def _practices(session: Session, state: TrailState) -> dict[str, Practice]:
    ids = [result.record for result in state.results if result.record]
    ids += [record.id for record in state.records]
    ids += [record_id for item in state.comparisons for record_id in item.records]
    return {
        practice.id: open_part(practice)
        for practice in records.load(session, dict.fromkeys(ids))
        if practice.visible
    }


def _named(result: ResultEntry, state: TrailState, practices: dict[str, Practice]) -> ResultEntry:
    """The result with its record's title of today, or without id and title if it is not public.

    Where nothing was said of where it was found, the search that showed it is named.
    """
    values = dict(vars(result))
    if result.record:
        if not result.found_in:
            values["found_in"] = _search_for(result.record, state)
        practice = practices.get(result.record)
        values["title"] = practice.content.title if practice else HIDDEN
        values["record"] = result.record if practice else ""
        values["id"] = result.id if practice else ""
    return ResultEntry(**values)


def _search_for(record_id: str, state: TrailState) -> str:
    via = next((record.via for record in state.records if record.id == record_id), "")
    query = next((query for query in state.queries if via and query.key == via), None)
    words = query.as_run if query else ""
    return f"{settings().site_name}" + (f", searching for {words}" if words else "")


def _level(result: ResultEntry) -> float:
    # Not judged yet stands below background and above of no use.
    return 0.5 if result.useful is None else level(result.useful)


def _fields(part: Part, without: Sequence[str] = ()) -> list[Item]:
    """The filled-in fields of a step, under their titles."""
    found = []
    for spec in specs_of(type(part)):
        text = shown(spec, getattr(part, spec.name))
        if text and spec.name not in without:
            found.append(Item(spec.title, text=text))
    return found


def _finding(result: ResultEntry) -> Item:
    said = [
        ("How useful", label("usefulness", result.useful) if result.useful else "Not judged"),
        ("Why", "; ".join(label("usefulness_reasons", code) for code in result.why)),
        ("Used for", label("usefulness_uses", result.used_for) if result.used_for else ""),
        ("Found in", result.found_in),
        ("Note", result.note),
        ("Quotation", f"“{result.quote}”" if result.quote else ""),
        ("Address", result.url),
    ]
    lines = [f"{name}: {text}" for name, text in said if text]
    return Item(result.title or result.url, lines=lines)


def _rejected(results: list[ResultEntry]) -> list[Item]:
    if not results:
        return []
    rows = [
        [
            result.title or result.url,
            "; ".join(label("usefulness_reasons", code) for code in result.why) or NOT_REPORTED,
            result.note,
        ]
        for result in results
    ]
    return [Item("Looked at and put aside", header=["What", "Why", "Note"], rows=rows)]


def _comparison(item: ComparisonEntry, practices: dict[str, Practice]) -> Item:
    compared = [practices.get(record_id) for record_id in item.records]
    columns = [practice.content.title if practice else HIDDEN for practice in compared]
    cards = [dict(card(practice.content)) if practice else {} for practice in compared]
    rows = [
        [name, *(_text(practice, field_name) for practice in compared)]
        for name, field_name in _COMPARED
    ]
    names = dict.fromkeys(name for found in cards for name in found)
    rows += [[name, *(found.get(name, NOT_REPORTED) for found in cards)] for name in names]
    return Item(item.title or "Comparison", text=item.note, header=["", *columns], rows=rows)


def _text(practice: Practice | None, field_name: str) -> str:
    text = str(getattr(practice.content, field_name)) if practice else ""
    return text or NOT_REPORTED


def _contacts(
    state: TrailState, kept: list[ResultEntry], practices: dict[str, Practice]
) -> list[Item]:
    rows = [[talk.who, talk.contact, "Asked in this search"] for talk in state.talks if talk.who]
    for result in kept:
        practice = practices.get(result.record)
        for contact in practice.content.contacts if practice else []:
            who = ", ".join(
                text for text in (contact.role, contact.person, contact.organisation) if text
            )
            reach = contact.mailbox or contact.url
            rows.append([who, reach or NOT_REPORTED, f"Named in “{result.title}”"])
    return [Item("Who can help", header=["Who", "How to reach", "From"], rows=rows)] if rows else []


def _gaps(state: TrailState) -> list[Item]:
    found = []
    if state.closing.gaps:
        found.append(Item("What is still missing", text=state.closing.gaps))
    leads = [
        talk.lead + (f" (by {talk.follow_up})" if talk.follow_up else "") for talk in state.tasks
    ]
    if leads:
        found.append(Item("Leads not yet followed", lines=leads))
    return found


def _references(kept: list[ResultEntry], practices: dict[str, Practice]) -> list[Item]:
    lines = [
        references.line(result, practices.get(result.record), day(result.at)) for result in kept
    ]
    return [Item("Sources of what was found", lines=lines, numbered=True)] if lines else []
