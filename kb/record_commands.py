"""Commands that bring records in and take them out."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from kb import jobs
from kb.command_line import as_json, file_there, in_a_folder, new_file, put_out, settle
from kb.database import session_scope
from kb.errors import FileUnreadable
from kb.folders import service as offered
from kb.records import service
from kb.records.errors import RecordInvalid
from kb.settings import settings

# By the names of their files, so that asking for help reads none of them.
_FORMATS = ", ".join(
    sorted(file.stem.removeprefix("as_") for file in Path(__file__).parent.glob("exports/as_*.py"))
)


def _one_record(file: Path) -> dict[str, Any]:
    """The fields of the record in a file. Raises FileUnreadable saying what it must be like."""
    from kb.imports import from_yaml

    example = next(iter(sorted((settings().seeds_dir / "records").glob("*.yaml"))), None)
    like = f"one record written as YAML, such as {example}" if example else "one record as YAML"
    try:
        rows = list(from_yaml.read(file))
    except FileUnreadable as error:
        known = (
            "" if file.suffix.lower() in from_yaml.EXTENSIONS else " `kb import` takes other kinds."
        )
        raise FileUnreadable(f"{file.name} must hold {like}.{known} {error}") from None
    if len(rows) != 1:
        raise FileUnreadable(
            f"{file.name} holds {len(rows)} records, and must hold one; "
            f"`kb import {file}` takes them all."
        )
    if (data := rows[0].data) is None:
        raise FileUnreadable(f"{file.name} must hold {like}. What it holds is {rows[0].problem}.")
    if rows[0].warning:
        click.echo(f"{file.name}: {rows[0].warning}", err=True)
    return data


@click.command()
@click.argument("file", type=file_there)
@click.option("--draft", is_flag=True, help="Keep it as a draft instead of publishing it.")
def add(file: Path, draft: bool) -> None:
    """Add one record written as YAML (the format of seeds/records), or change the one of its id.

    A changed record stays in the state it is in.
    """
    content = service.parse(_one_record(file))
    with session_scope(write=True) as session:
        before = service.state_of(session, content.id)
        try:
            saved = service.save(
                session,
                content,
                door="file",
                actor="command line",
                state="draft" if draft else before or "published",
            )
        except RecordInvalid as error:
            if draft or all(one.rule != "required" for one in error.errors):
                raise
            told = f"{error}. Add what is required, or keep it with --draft until it is known."
            raise click.ClickException(told) from error
        jobs.index_soon(session)
    settle()
    click.echo(f"{saved.outcome}: {saved.id} (version {saved.version})")


def _named_pairs(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> dict[str, str]:
    pairs = {}
    for text in given:
        header, mark, name = text.rpartition("=")
        if not mark or not header.strip() or not name.strip():
            raise click.BadParameter(f"'{text}' is not HEADER=FIELD")
        pairs[header.strip()] = name.strip()
    return pairs


def _past_imports(undo_id: str | None, json_out: bool) -> None:
    from kb.imports import history

    if undo_id:
        with session_scope(write=True) as session:
            runs = [history.undo(session, undo_id, actor="command line")]
        settle()
    else:
        with session_scope() as session:
            runs = history.latest(session)
    if json_out:
        told = [
            {"id": run.id, "file": run.file, "state": run.state, "at": run.at.isoformat(),
             "counts": run.report.get("counts", {})}
            for run in runs
        ]  # fmt: skip
        click.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    for run in runs:
        counts = run.report.get("counts", {})
        told_counts = ", ".join(f"{number} {name}" for name, number in counts.items())
        if undo_id:
            click.echo(f"{run.file} was taken back ({told_counts}): all is as it was before.")
            continue
        click.echo(f"{run.id}  {run.at:%Y-%m-%d %H:%M}  {run.state:8}  {run.file}  {told_counts}")


_DRAFTS = "Drafts wait at the desk (/desk#drafts), to be completed and published there."
_DOCUMENTS = (
    " Or import a document again without --drafts, and with --people-agreed if everybody whom it "
    "names agreed."
)


@click.command("import")
@click.argument("files", type=file_there, nargs=-1)
@click.option("--format", "format_name", help="Format; told from the file's ending when left out.")
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
@click.option("--skip-bad", is_flag=True, help="Keep the good rows of a file that has bad ones.")
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="HEADER=FIELD",
    callback=_named_pairs,
    help="Which field a column holds ('-': leave it out); remembered for the same headers.",
)
@click.option(
    "--drafts",
    "as_drafts",
    is_flag=True,
    help="Rows that do not say their state come in as drafts, to be completed at the desk.",
)
@click.option(
    "--people-agreed",
    is_flag=True,
    help="Those whom the documents name agreed, or are named in public already; this is noted.",
)
@click.option("--list", "listing", is_flag=True, help="List the imports that were made.")
@click.option("--undo", "undo_id", metavar="ID", help="Take back a whole import.")
@as_json
def import_files(
    files: tuple[Path, ...],
    format_name: str | None,
    dry_run: bool,
    skip_bad: bool,
    maps: dict[str, str],
    as_drafts: bool,
    people_agreed: bool,
    listing: bool,
    undo_id: str | None,
    json_out: bool,
) -> None:
    """Bring in records or documents from files (YAML, JSON, CSV, Excel, RIS, BibTeX, text).

    They are published, unless they say otherwise or --drafts is given. Whom a document (a text
    file) names is told, for they may not have been asked.
    """
    if listing or undo_id:
        _past_imports(undo_id, json_out)
        return
    if not files:
        raise click.UsageError("Give one or more files, or --list, or --undo ID.")
    if people_agreed and as_drafts:
        raise click.UsageError("Give --people-agreed or --drafts, not both.")
    from kb import imports

    failed = False
    reports = []
    waiting: set[str] = set()
    for file in files:
        try:
            report = imports.import_file(
                file,
                format_name=format_name,
                dry_run=dry_run,
                skip_bad=skip_bad,
                mapping=maps or None,
                as_drafts=as_drafts,
                documents=imports.Wish(not as_drafts, people_agreed),
                actor="command line",
            )
        except FileUnreadable as error:
            failed = True
            reports.append({"file": file.name, "error": str(error)})
            if not json_out:
                click.echo(f"{file.name}: {error}", err=True)
            continue
        failed = failed or bool(report.failed)
        reports.append(report.as_dict())
        if report.kept and report.drafts:
            waiting.add(report.format)
        if not json_out:
            click.echo(report.as_text())
    if not dry_run:
        with session_scope(write=True) as session:
            jobs.index_soon(session)
        settle()
    if json_out:
        click.echo(json.dumps(reports, indent=2, ensure_ascii=False))
    elif waiting:
        click.echo(f"{_DRAFTS}{_DOCUMENTS if 'text' in waiting else ''}")
    if failed:
        sys.exit(1)


@click.command()
@click.option(
    "--format",
    "format_name",
    default="json",
    show_default=True,
    help=f"One of {_FORMATS}; or its file ending.",
)
@click.option("--query", help="Only what this search finds; all records when left out.")
@click.option(
    "--out", type=new_file, callback=in_a_folder, help="File to write; else standard output."
)
def export(format_name: str, query: str | None, out: Path | None) -> None:
    """Write records that everybody may see to a file."""
    from kb import exports

    known = exports.exporters()
    endings = {exporter.extension: name for name, exporter in known.items()}
    format_name = endings.get(format_name, format_name)
    if format_name not in known:
        raise click.BadParameter(
            f"'{format_name}' is not one of {', '.join(sorted(known))}", param_hint="--format"
        )
    with session_scope() as session:
        ids: list[str] = sorted(service.stamps(session))
        if query:
            shown = set(ids)
            ids = [record_id for record_id in _found(query) if record_id in shown]
        data = known[format_name].write(service.load(session, ids))
    put_out(data, out, f"{len(ids)} records")


def _found(query: str) -> list[str]:
    """Ids that a search finds; the index folder offers this as a service of its own."""
    find = offered("find")
    if find is None:
        raise click.ClickException("Search is not installed.")
    found: list[str] = find(query)
    return found
