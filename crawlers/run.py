"""One run of a source: pages to findings, findings to the store, and a report of what happened.

Each record is saved in a transaction of its own, together with the job that brings the index up
to date, so a run that is killed loses nothing: the next one finds what is there and goes on.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import click
from sqlmodel import Session

from crawlers.errors import LayoutChanged, PageUnreadable, SourceUnknown
from crawlers.expected import Expectations
from crawlers.page import Page
from crawlers.run_log import logged
from crawlers.run_report import Problem, RunReport
from crawlers.source import Broken, Doubt, Finding, Gone, Source
from crawlers.walk import Missed
from kb import jobs
from kb.curation import source_changes
from kb.database import now, session_scope
from kb.directory import presence
from kb.directory import service as directory
from kb.exports.gate import storable
from kb.records import PracticeIn, Saved, service
from kb.records.errors import EditConflict, RecordInvalid

_COUNTED_AS = {"created": "new", "changed": "changed", "joined": "joined", "same": "same"}


@dataclass(frozen=True)
class Ending:
    """What can be told of the pages of a run once they have been read.

    `whole` says whether they were all of the source (if not, few records are no failure), `missed`
    which could not be had, and `failures` why it is a failed run all the same. A harvest of what
    changed tells `since` when, and how far it `reached`.
    """

    whole: bool = True
    missed: Sequence[Missed] = ()
    failures: Sequence[str] = ()
    since: str = ""
    reached: Mapping[str, str] = field(default_factory=dict)


def run(
    source: Source,
    pages: Iterable[Page],
    *,
    how: str = "file",
    after: Callable[[], Ending] = Ending,
    dry_run: bool = False,
    progress: bool = False,
) -> RunReport:
    """Save everything that a source reads from some pages, and keep the report as a SourceRun.

    `how` says where the pages come from (live, archive, file or kept), and `after`, asked when they
    have all been read, how that ended. An item that several pages tell is taken from the first.

    A trusted source's new records are published unverified, another's are submitted for review. A
    change to what people edited, or to a published record of an untrusted source, waits at the
    desk.
    With `dry_run` all is done in one transaction that is taken back. Raises SourceUnknown when the
    directory has no entry for the source, RunInProgress when another process runs it.
    """
    report = RunReport(source.id, dry_run, now(), how=how)
    state, licence = _terms_of(source.id)
    report.review = state == "submitted"
    with logged(report):
        counter = Expectations(source)
        with _transaction(dry_run) as shared:
            for page in pages:
                report.pages += 1
                for finding in _shown(_findings(source, page, report), progress, source.id):
                    if _repeated(finding, report):
                        continue
                    counter.add(finding)
                    kept = _within(licence, finding)
                    _take(kept, report, source=source, state=state, shared=shared)
        ending = after()
        report.since = ending.since
        for item in ending.missed:
            report.note_missed(item.kind, item.url, item.reason)
        report.failures += ending.failures
        report.failures += counter.failures(report, whole=ending.whole)
        if not report.failures:
            report.reached = ending.reached
            # A file handed over for a source of the web may hold any part of it.
            if ending.whole and (how != "file" or source.kind == "file"):
                _note_absent(source, report)
    return report


def _note_absent(source: Source, report: RunReport) -> None:
    """Tell which items of earlier runs were not met by this one.

    Only a run that read everything can tell. Their records stay: nothing dies with its source.
    """
    if report.unnamed or any(item.kind in ("page", "missed", "broken") for item in report.problems):
        return
    with session_scope(write=not report.dry_run) as session:
        known = presence.items_of(session, source.id)
        gone = [(item, title) for item, title in known if item not in report.taken]
        for item, _ in () if report.dry_run else gone:
            presence.note_gone(
                session, source.id, item, report.started_at.date(), actor=_actor(source)
            )
    report.counts["absent"] = len(gone)
    report.problems += [
        Problem("absent", title, f"its id there was {item}") for item, title in gone
    ]


def _terms_of(source_id: str) -> tuple[str, str]:
    """The state that new records of a source come in with, and the licence it declares."""
    with session_scope() as session:
        row = directory.source(session, source_id)
        if row is None:
            raise SourceUnknown(source_id, [item.id for item in directory.sources(session)])
        return "published-unverified" if row.trusted else "submitted", row.licence


class _TakenBack(Exception):
    """Ends a dry run's transaction so that nothing of it stays."""


@contextmanager
def _transaction(dry_run: bool) -> Iterator[Session | None]:
    """The one transaction of a dry run; none for a real run, which has one for each record."""
    if not dry_run:
        yield None
        return
    try:
        with session_scope(write=True) as session:
            yield session
            raise _TakenBack
    except _TakenBack:
        pass


def _findings(source: Source, page: Page, report: RunReport) -> list[Finding]:
    try:
        return list(source.records(page))
    except (PageUnreadable, LayoutChanged) as error:
        report.counts["layout"] += isinstance(error, LayoutChanged)
        report.problems.append(Problem("page", page.url, str(error)))
        return []


def _within(licence: str, finding: Finding) -> Finding:
    """The finding with only what the licence of its source, and its own, allow to be kept."""
    if isinstance(finding, PracticeIn):
        return storable(finding, licence, finding.licence or licence)
    return finding


def _repeated(finding: Finding, report: RunReport) -> bool:
    """Whether this run has met the item before; it is counted as met."""
    if isinstance(finding, Gone):
        item = finding.external_id
    elif isinstance(finding, PracticeIn) and finding.provenance:
        item = finding.provenance[0].external_id
    else:
        return False
    report.unnamed = report.unnamed or not item
    if item in report.taken:
        report.counts["repeated"] += 1
        return True
    if item:
        report.taken.add(item)
    return False


def _shown(findings: list[Finding], progress: bool, label: str) -> Iterator[Finding]:
    if not progress:
        yield from findings
        return
    with click.progressbar(findings, label=label, file=sys.stderr) as bar:
        yield from bar


def _take(
    finding: Finding, report: RunReport, *, source: Source, state: str, shared: Session | None
) -> None:
    """Save one finding, or note why it cannot be."""
    if isinstance(finding, Gone):
        with _session(shared) as session:
            report.counts["gone"] += presence.note_gone(
                session,
                source.id,
                finding.external_id,
                _day(finding.day) or report.started_at.date(),
                actor=_actor(source),
            )
        return
    if isinstance(finding, Doubt):
        report.counts["doubts"] += 1
        report.problems.append(Problem("doubt", finding.name, finding.reason))
        return
    if isinstance(finding, PracticeIn):
        report.counts["found"] += 1
        try:
            saved = _save(finding, source=source, state=state, shared=shared)
        except (RecordInvalid, EditConflict) as error:
            finding = Broken(finding.title or "item without a title", str(error))
        else:
            _count(finding, saved, report)
            return
    report.counts["broken"] += 1
    report.problems.append(Problem("broken", finding.name, finding.reason))


@contextmanager
def _session(shared: Session | None) -> Iterator[Session]:
    """A transaction for one finding: a part of the shared one, where there is one."""
    if shared is None:
        with session_scope(write=True) as session:
            yield session
    else:
        with shared.begin_nested():
            yield shared


def _save(content: PracticeIn, *, source: Source, state: str, shared: Session | None) -> Saved:
    actor = _actor(source)
    with _session(shared) as session:
        saved = service.save(session, content, door="harvest", actor=actor, state=state)
        if saved.proposed is not None:
            source_changes.propose(session, saved.id, saved.proposed, actor=actor)
        if saved.outcome != "same":
            jobs.index_soon(session)
        presence.note_told(session, source.id, content.provenance[0].external_id, actor=actor)
    return saved


def _actor(source: Source) -> str:
    return f"crawler:{source.id}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _count(content: PracticeIn, saved: Saved, report: RunReport) -> None:
    report.counts["kept" if saved.kept_edits else _COUNTED_AS[saved.outcome]] += 1
    if saved.outcome == "joined":
        report.joined.append((content.title, saved.id))
