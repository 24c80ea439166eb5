"""Commands about the directory of sources: what is known of each, and where each stands."""

import json
import sys
from collections import Counter
from typing import Any

import click
from sqlalchemy import func
from sqlmodel import Session, col, select

from crawlers.errors import SourceUnknown
from crawlers.run_report import counts_in_words
from crawlers.source import known_sources
from kb.command_line import as_json
from kb.database import session_scope
from kb.directory import service as directory
from kb.directory.models import RecordSource, Source
from kb.directory.standing import LABELS, standings
from kb.vocabularies import vocabulary


@click.group("sources")
def sources() -> None:
    """What is known about each source, and what was brought in from it."""


@sources.command("list")
@click.option("--aspect", help="Only those that help with what, how, who or when.")
@click.option("--state", help="Only those in this state, such as live or closed.")
@as_json
def list_sources(aspect: str | None, state: str | None, json_out: bool) -> None:
    """List every source of the directory, with its state and number of records."""
    wanted_aspect = vocabulary("aspects").resolve(aspect) if aspect else None
    wanted_state = vocabulary("source_states").resolve(state) if state else None
    with session_scope() as session:
        counts = _record_counts(session)
        shown = [
            _summary(source, counts)
            for source in directory.sources(session)
            if wanted_state in (None, source.state)
            and (wanted_aspect is None or wanted_aspect in source.entry.get("aspects", []))
        ]
    if json_out:
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    for item in shown:
        click.echo(
            f"{item['id']:44} {item['state']:14} {item['records']:6} records  {item['title']}"
        )
    click.echo(f"{len(shown)} sources.")


def _record_counts(session: Session) -> dict[str, int]:
    """How many records came from each source."""
    rows = session.exec(
        select(RecordSource.source_id, func.count(func.distinct(RecordSource.record_id))).group_by(
            col(RecordSource.source_id)
        )
    )
    return dict(rows.all())


def _summary(source: Source, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "state": source.state,
        "aspects": source.entry.get("aspects", []),
        "licence": source.licence,
        "trusted": source.trusted,
        "can_be_crawled": source.id in known_sources(),
        "records": counts.get(source.id, 0),
    }


@sources.command("show")
@click.argument("source_id", metavar="SOURCE")
@as_json
def show_source(source_id: str, json_out: bool) -> None:
    """Show one source: what it holds, where it stands, and its last run."""
    with session_scope() as session:
        source = directory.source(session, source_id)
        if source is None:
            raise SourceUnknown(source_id, [item.id for item in directory.sources(session)])
        last = directory.last_run(session, source_id)
        data = {
            **_summary(source, _record_counts(session)),
            "entry": source.entry,
            "last_run": last
            and {
                "started_at": last.started_at.isoformat(timespec="seconds"),
                "finished_at": last.finished_at and last.finished_at.isoformat(timespec="seconds"),
                "outcome": last.outcome,
                "counts": last.counts,
                "problems": last.problems,
            },
        }
    if json_out:
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    click.echo(f"{source.title} ({source.id})")
    for name, value in source.entry.items():
        if name not in ("id", "title") and value not in (None, "", []):
            shown = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            click.echo(f"  {name}: {shown}")
    click.echo(f"  records here: {data['records']}")
    if last is None:
        click.echo("  never crawled")
    else:
        counts = counts_in_words(last.counts) or "nothing found"
        click.echo(f"  last run: {last.started_at:%Y-%m-%d %H:%M} UTC, {last.outcome}: {counts}")
        for problem in last.problems if last.outcome == "failed" else ():
            if problem["kind"] == "run":
                click.echo(f"  why it failed: {problem['reason']}")


@sources.command("check")
@as_json
def check_sources(json_out: bool) -> None:
    """Print where every source stands and why; the 38 of the 2009 paper first, by its numbers.

    \b
    Run live          read over the web on that day; the report is kept
    Built             it can be read from its site, which was never done
    Archive           it can be read from web archives, which was never done
    Read from a file  it is read when somebody hands over its file
    Directory entry   nothing reads it; what to ask for, and whom

    Exit 1 when one of them ends in nothing, or when an entry and what is built disagree.
    """
    problems = disagreements()
    with session_scope() as session:
        found = standings(session)
        shown = [
            {
                "id": source.id,
                "title": source.title,
                "number": source.entry.get("number"),
                **found[source.id].as_dict(),
                "evidence": (source.entry.get("adapter") or {}).get("evidence", []),
            }
            for source in directory.sources(session)
        ]
    problems += [
        f"{item['id']}: no way to read it is built and nothing says what to ask."
        for item in shown
        if item["code"] == "nothing"
    ]
    if json_out:
        click.echo(
            json.dumps({"sources": shown, "problems": problems}, indent=2, ensure_ascii=False)
        )
    else:
        for item in shown:
            number = f"{item['number']:2d}." if item["number"] else "  \u2013"
            click.echo(f"{number} {item['title']} ({item['id']}): {item['label']}")
            click.echo(f"    {item['why']}")
        counts = Counter(str(item["code"]) for item in shown if item["number"])
        told = ", ".join(
            f"{LABELS[code].lower()} {counts[code]}" for code in LABELS if counts[code]
        )
        click.echo(f"Of the {sum(counts.values())} systems of 2009: {told}.")
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        sys.exit(1)


def disagreements() -> list[str]:
    """Where directory entries and the sources that are built say different things."""
    known = known_sources()
    problems = []
    with session_scope() as session:
        entries = {source.id: source.entry for source in directory.sources(session)}
    for source_id, built in known.items():
        adapter = entries.get(source_id, {}).get("adapter")
        if not adapter:
            problems.append(
                f"{source_id}: it is built, and its entry does not say so (run kb seed)."
            )
        elif adapter["kind"] != built.kind:
            problems.append(f"{source_id}: its entry says {adapter['kind']}, it is {built.kind}.")
        elif not adapter.get("evidence") or not adapter.get("rests_on"):
            problems.append(f"{source_id}: its entry does not say what it rests on.")
    problems += [
        f"{source_id}: its entry names an adapter that is not built."
        for source_id, entry in entries.items()
        if entry.get("adapter") and source_id not in known
    ]
    return problems


@sources.command("tick")
@click.argument("source_id", metavar="SOURCE")
@click.option("--note", default="", help="What came of it, in a sentence.")
def tick_source(source_id: str, note: str) -> None:
    """Note that SOURCE was gone through by hand today, such as one with only a directory entry."""
    with session_scope(write=True) as session:
        if directory.tick(session, source_id, actor="command line", note=note) is None:
            raise SourceUnknown(source_id, [item.id for item in directory.sources(session)])
    click.echo(f"ticked off: {source_id}")
