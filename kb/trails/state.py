"""The state of a trail as typed objects, for pages and reports; made from the fold's plain values.

Values stand as they were entered, even when a term has since left its vocabulary.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from kb.records.definition import Part
from kb.trails.clock import Clock
from kb.trails.entries import Brief, Closing
from kb.trails.excluded import with_excluded

T = TypeVar("T")
P = TypeVar("P", bound=Part)


@dataclass(frozen=True)
class TalkEntry:
    """Somebody was asked. `task` is the state of the lead as a task; empty without a lead."""

    id: str
    seq: int
    at: datetime
    actor: str
    who: str = ""
    contact: str = ""
    when: str = ""
    said: str = ""
    lead: str = ""
    follow_up: str = ""
    task: str = ""
    task_note: str = ""


@dataclass(frozen=True)
class BroadRound:
    """One broad search with its time limit."""

    seq: int
    started: datetime
    stopped: datetime | None
    since: datetime | None
    spent: float
    limit_minutes: int = 0
    engine: str = ""
    query: str = ""

    def clock(self, at: datetime) -> Clock:
        """How its clock stands at a moment."""
        running = (at - self.since).total_seconds() if self.since else 0.0
        return Clock(
            limit=timedelta(minutes=self.limit_minutes),
            spent=timedelta(seconds=self.spent + max(0.0, running)),
            running=self.since is not None,
        )


@dataclass(frozen=True)
class SourceEntry:
    """What was done at one source. `state` is todo, doing, done or nothing."""

    id: str
    seq: int
    at: datetime
    state: str
    visits: int = 0
    visited_at: datetime | None = None
    query: str = ""
    filters: str = ""
    hits_seen: int | None = None
    minutes: int | None = None
    note: str = ""


@dataclass(frozen=True)
class QueryEntry:
    """A search run on this site: as run, how often, and what it found first and last.

    `seen` is the event that holds the first ones found last (`kb.trails.seen`); `complete` says
    whether they are all.
    """

    key: str
    seq: int
    params: list[tuple[str, str]]
    excluded: list[str]
    times: int
    first_at: datetime
    last_at: datetime
    first_total: int
    total: int
    seen: int
    complete: bool
    fingerprint: str

    @property
    def text(self) -> str:
        """The words that were typed."""
        return next((value for name, value in self.params if name == "q"), "")

    @property
    def filters(self) -> list[tuple[str, str]]:
        """The parameters beside the words."""
        return [(name, value) for name, value in self.params if name != "q"]

    @property
    def as_run(self) -> str:
        """The words with what was left out, as they went to the search."""
        return with_excluded(self.text, self.excluded)


@dataclass(frozen=True)
class RecordEntry:
    """A record that was opened; `via` is the key of the search that had found it."""

    id: str
    seq: int
    title: str
    first_at: datetime
    last_at: datetime
    times: int
    via: str = ""


@dataclass(frozen=True)
class ResultEntry:
    """A result with what its finder says of it."""

    id: str
    seq: int
    at: datetime
    actor: str
    record: str = ""
    url: str = ""
    title: str = ""
    found_in: str = ""
    useful: str | None = None
    why: list[str] = field(default_factory=list)
    used_for: str | None = None
    note: str = ""
    quote: str = ""

    @property
    def rejected(self) -> bool:
        """Whether it was put aside: of no use, or looked at and rejected."""
        return self.useful == "not-useful" or self.used_for == "rejected"


@dataclass(frozen=True)
class DeadEndEntry:
    """Something that led nowhere, and how often it was tried."""

    id: str
    seq: int
    at: datetime
    what: str = ""
    where: str = ""
    why: str = ""
    times: int = 1


@dataclass(frozen=True)
class ComparisonEntry:
    """Records that were laid side by side."""

    id: str
    seq: int
    at: datetime
    title: str = ""
    records: list[str] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class UpdateEntry:
    """One re-run of the trail's searches and how much had changed."""

    seq: int
    at: datetime
    queries: int
    new: int
    changed: int
    gone: int


@dataclass(frozen=True)
class TrailState:
    """Everything a trail holds, each list in the order in which its entries were begun."""

    title: str
    status: str
    sequence: int
    opened_at: datetime | None
    closed_at: datetime | None
    forked_from: str
    brief: Brief
    talks: list[TalkEntry]
    rounds: list[BroadRound]
    sources: dict[str, SourceEntry]
    queries: list[QueryEntry]
    records: list[RecordEntry]
    results: list[ResultEntry]
    dead_ends: list[DeadEndEntry]
    comparisons: list[ComparisonEntry]
    updates: list[UpdateEntry]
    closing: Closing

    @property
    def tasks(self) -> list[TalkEntry]:
        """Leads that are still to be followed, those with a date first."""
        waiting = [talk for talk in self.talks if talk.lead and talk.task in ("todo", "doing")]
        return sorted(waiting, key=lambda talk: (talk.follow_up or "9999", talk.seq))

    @property
    def running(self) -> BroadRound | None:
        """The broad search that was started and not yet stopped."""
        return next((item for item in self.rounds if item.stopped is None), None)


def typed(plain: dict[str, Any]) -> TrailState:
    """The typed state from the fold's plain values."""
    return TrailState(
        title=plain["title"],
        status=plain["status"],
        sequence=plain["sequence"],
        opened_at=_moment(plain["opened_at"]),
        closed_at=_moment(plain["closed_at"]),
        forked_from=plain["forked_from"],
        brief=_part(Brief, plain["brief"]),
        talks=_listed(TalkEntry, plain["talks"]),
        rounds=[_made(BroadRound, item) for item in plain["rounds"]],
        sources={item.id: item for item in _listed(SourceEntry, plain["sources"])},
        queries=_queries(plain["queries"]),
        records=_listed(RecordEntry, plain["records"]),
        results=_listed(ResultEntry, plain["results"]),
        dead_ends=_listed(DeadEndEntry, plain["dead_ends"]),
        comparisons=_listed(ComparisonEntry, plain["comparisons"]),
        updates=[_made(UpdateEntry, item) for item in plain["updates"]],
        closing=_part(Closing, plain["closing"]),
    )


_MOMENTS = {"at", "started", "stopped", "since", "visited_at", "first_at", "last_at"}


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _part(model: type[P], values: dict[str, Any]) -> P:
    known = {name: value for name, value in values.items() if name in model.model_fields}
    return cast(P, model.model_construct(**known))


def _made(kind: type[T], values: dict[str, Any]) -> T:
    known = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    return kind(
        **{
            name: _moment(value) if name in _MOMENTS else value
            for name, value in values.items()
            if name in known
        }
    )


def _listed(kind: type[T], entries: dict[str, dict[str, Any]]) -> list[T]:
    ordered = sorted(entries.items(), key=lambda item: item[1]["seq"])
    return [_made(kind, {"id": entry_id, **values}) for entry_id, values in ordered]


def _queries(entries: dict[str, dict[str, Any]]) -> list[QueryEntry]:
    ordered = sorted(entries.items(), key=lambda item: item[1]["seq"])
    return [
        _made(
            QueryEntry,
            {
                **values,
                "key": key,
                "params": [(row["name"], row["value"]) for row in values["params"]],
            },
        )
        for key, values in ordered
    ]
