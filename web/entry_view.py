"""What several pages show of an entry: where it stands, its pages, its answers, its checks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from index.duplicates import duplicates_of
from kb.accounts.models import Account
from kb.accounts.roles import may
from kb.curation import access, checks, service
from kb.curation.checks import Finding
from kb.curation.content import readable
from kb.curation.models import Entry
from kb.curation.sections import FormSection, section_of, sections
from kb.curation.twins import waiting_twins
from kb.curation.workflow import DECLINED_FOR_GOOD, STATES, State
from kb.records.definition import FieldSpec
from kb.records.errors import FieldError
from kb.records.practice import GROUPS
from kb.records.rules import Completeness, Step, completeness
from web import urls
from web.context import Link
from web.filters import sentence
from web.record_view import in_words


def curates(account: Account, entry: Entry) -> bool:
    """Whether the form shows this person what only curators fill in."""
    return may(account, "edit") and bool(entry.record_id or entry.owner != account.actor)


def form_sections(account: Account, entry: Entry) -> tuple[FormSection, ...]:
    """The pages of the form as this person gets them."""
    return sections(curator=curates(account, entry))


@dataclass(frozen=True)
class TaskLine:
    """One page of the form in the task list."""

    title: str
    href: str
    status: str
    needed: bool


@dataclass(frozen=True)
class TaskGroup:
    """The pages of one group of the record."""

    title: str
    lines: tuple[TaskLine, ...]


def task_list(account: Account, entry: Entry) -> tuple[TaskGroup, ...]:
    """Every page with how far it is: Completed, Begun, or not started."""
    record_type = str(entry.content.get("record_type") or "project")
    made = []
    for group in GROUPS:
        lines = []
        for one in form_sections(account, entry):
            if one.group != group.id:
                continue
            told = any(spec.name in entry.content for spec in one.fields)
            status = "done" if one.id in entry.done else "begun" if told else ""
            href = urls.entry(entry.id, one.id)
            lines.append(
                TaskLine(_under(one.title, group.title), href, status, one.expected(record_type))
            )
        if lines:
            made.append(TaskGroup(group.title, tuple(lines)))
    return tuple(made)


def _under(title: str, group: str) -> str:
    """The title of a page below the heading of its group: not said twice."""
    rest = title.removeprefix(f"{group}: ")
    return rest[0].upper() + rest[1:]


@dataclass(frozen=True)
class Answer:
    """One field as it was filled in, in words; and where to change it."""

    name: str
    title: str
    text: str
    change: str
    error: str = ""


@dataclass(frozen=True)
class AnswerGroup:
    """The answers of one page of the form."""

    title: str
    change: str
    answers: tuple[Answer, ...]


def answers(
    account: Account, entry: Entry, errors: Sequence[FieldError] = ()
) -> tuple[AnswerGroup, ...]:
    """All that was filled in, page by page; what is missing or wrong stands where it belongs."""
    wrong: dict[str, str] = {}
    for error in errors:
        wrong.setdefault(error.field.partition(".")[0], error.rule)
    made = []
    for one in form_sections(account, entry):
        at = urls.entry(entry.id, one.id, back="check")
        lines = tuple(
            Answer(
                spec.name,
                spec.title,
                told(spec, entry.content),
                f"{at}#{_anchor(spec)}",
                wrong.get(spec.name, ""),
            )
            for spec in one.fields
            if spec.name in entry.content or spec.name in wrong
        )
        made.append(AnswerGroup(one.title, at, lines))
    return tuple(made)


def _anchor(spec: FieldSpec) -> str:
    return f"rows-{spec.name}" if spec.columns else f"ask-{spec.name}"


def told(spec: FieldSpec, content: Mapping[str, Any]) -> str:
    """A field of an entry in words; a value that is wrong is shown as it was typed."""
    value = content.get(spec.name)
    if value in (None, "", [], {}):
        return ""
    practice, wrong = readable({spec.name: value})
    return str(value) if wrong else in_words(spec, getattr(practice, spec.name))


@dataclass(frozen=True)
class Check:
    """A finding with where to put it right."""

    level: str
    title: str
    why: str
    href: str


@dataclass(frozen=True)
class Coach:
    """What a careful reader would ask, and what is missing with what readers then miss."""

    checks: tuple[Check, ...]
    complete: Completeness
    missing: tuple[Link, ...]
    later: tuple[Check, ...] = ()
    """What does not stand in the way of sending in, but will of publishing."""

    def of(self, level: str) -> list[Check]:
        """The findings of one level."""
        return [check for check in self.checks if check.level == level]


_MISSING_SHOWN = 8


def coach(session: Session, entry: Entry, step: Step) -> Coach:
    """The checks of an entry before it is sent in or published."""
    content, _ = readable(entry.content)
    problems = service.problems(session, entry, step)
    found = checks.findings(content, problems)
    complete = completeness(content)
    return Coach(
        checks=tuple(_check(entry, finding) for finding in found),
        complete=complete,
        missing=tuple(_missing(entry, complete.missing)),
        later=tuple(_later(session, entry, problems)) if step == "submit" else (),
    )


def _later(session: Session, entry: Entry, now: Sequence[FieldError]) -> Iterable[Check]:
    names = {error.field for error in now}
    for error in service.problems(session, entry, "publish"):
        if error.field not in names:
            place = _place(entry, error.field.partition(".")[0])
            why = "" if error.rule == "required" else sentence(error.rule)
            yield Check("failure", error.title, why, place)


def _check(entry: Entry, finding: Finding) -> Check:
    name = finding.field.partition(".")[0]
    return Check(finding.level, finding.title, finding.why, _place(entry, name))


def _place(entry: Entry, name: str) -> str:
    """Where a field is asked for; the list of pages for what no page asks."""
    page = section_of(name)
    if page is None:
        return urls.entry(entry.id)
    spec = next(spec for spec in page.fields if spec.name == name)
    return f"{urls.entry(entry.id, page.id)}#{_anchor(spec)}"


def places(account: Account, entry: Entry, names: Iterable[str]) -> dict[str, str]:
    """Where the form asks this person for each of these fields, for those that it asks for."""
    asked = {spec.name for one in form_sections(account, entry) for spec in one.fields}
    return {name: _place(entry, name) for name in names if name in asked}


def _missing(entry: Entry, specs: Iterable[FieldSpec]) -> Iterable[Link]:
    for spec in list(specs)[:_MISSING_SHOWN]:
        page = section_of(spec.name)
        why = spec.why or (page.why if page else "")
        yield Link(spec.title, _place(entry, spec.name), why)


@dataclass(frozen=True)
class Twin:
    """A record that may tell the same, and why it seems so."""

    title: str
    href: str
    level: str
    reasons: tuple[str, ...]
    compare: str


_LEVELS = {"same": "Seems to be the same", "likely": "Likely the same", "possible": "Perhaps"}


def twins(session: Session, entry: Entry, *, for_desk: bool = False) -> tuple[Twin, ...]:
    """What may tell the same; hidden records and other entries are named to librarians only."""
    content, _ = readable(entry.content)
    if not content.title:
        return ()
    own = entry.record_id or ""
    found = duplicates_of(session, content, record_id=own, see_hidden=for_desk)
    records = [
        Twin(
            one.title,
            urls.record(one.id),
            _LEVELS[one.level],
            tuple(one.reasons),
            urls.desk("duplicates", own, one.id) if for_desk and own else "",
        )
        for one in found
    ]
    entries = [
        Twin(
            other.title,
            urls.review(other.id),
            _LEVELS[same.level],
            ("waits for review too", *same.reasons),
            "",
        )
        for other, same in (waiting_twins(session, entry) if for_desk else ())
    ]
    return (*records, *entries)


def state_of(entry: Entry) -> State:
    """Where it stands, in words."""
    return DECLINED_FOR_GOOD if entry.state == "declined" and entry.appeals else STATES[entry.state]


def actions(session: Session, account: Account, entry: Entry) -> set[str]:
    """What this person may do with it now; `write` and `discard` beside the steps."""
    found = access.steps_of(session, account, entry)
    if access.may_write(account, entry):
        found.add("write")
    if access.is_author(account, entry) and entry.state in ("draft", "withdrawn"):
        found |= set() if entry.round else {"discard"}
    if entry.appeals:
        found.discard("appeal")
    return found
