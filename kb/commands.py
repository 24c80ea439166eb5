"""Commands about the store: set-up, records in and out, health, the worker."""

import json
import sys
from pathlib import Path

import click

import kb.awards.commands
import kb.curation.commands  # noqa: F401  these register their part in personal data
from kb import full_studies, jobs, migrations, seed_report, seed_targets, seeding
from kb.accounts import outside
from kb.accounts.commands import COMMANDS as ACCOUNT_COMMANDS
from kb.alerts import mail
from kb.backup import restore_backup, write_backup
from kb.curation import attachments
from kb.database import engine, session_scope
from kb.errors import FileUnreadable
from kb.folders import Check, folders
from kb.imports import sheet
from kb.imports import site as import_site
from kb.records import service
from kb.settings import settings, settings_table
from kb.trails.commands import COMMANDS as TRAIL_COMMANDS
from kb.vocabularies import vocabularies
from kb.vocabularies.commands import COMMANDS as VOCABULARY_COMMANDS
from kb.vocabularies.decided import publish as publish_terms

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


def _in_a_folder(
    _context: click.Context, _option: click.Parameter, path: Path | None
) -> Path | None:
    if path is not None and not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.absolute().parent}")
    return path


_new_file = click.Path(dir_okay=False, path_type=Path)
as_json = click.option("--json", "json_out", is_flag=True, help="Print data as JSON.")


def settle() -> None:
    """Let queued work catch up, and say so when it could not: nothing of it is lost."""
    for problem in jobs.settle():
        click.echo(f"Saved, but not all is up to date yet: {problem}", err=True)


@click.command()
def migrate() -> None:
    """Bring the store up to what this version expects; data is kept."""
    before = migrations.current()
    migrations.upgrade()
    after = migrations.current()
    click.echo(
        f"Store at {after}." if before == after else f"Store moved from {before} to {after}."
    )


@click.command()
def init() -> None:
    """Set up the store, load the starter collection and build the index. Keeps existing data."""
    migrations.upgrade()
    publish_terms()
    _print_seeding(seeding.seed())
    settle()
    click.echo(f"Ready in {settings().home.resolve()}. Start the site with `kb serve`.")


@click.command()
@click.option("--report", "report_only", is_flag=True, help="Show how it is spread; load nothing.")
@click.option(
    "--unread", is_flag=True, help="List the cases whose study is still to be read in full."
)
@as_json
def seed(report_only: bool, unread: bool, json_out: bool) -> None:
    """Load the starter collection; records that people edited are left as they are."""
    if unread:
        _print_unread(json_out)
        return
    if report_only:
        _print_spread(json_out)
        return
    if json_out:
        raise click.UsageError("--json goes with --report or --unread.")
    report = seeding.seed()
    _print_seeding(report)
    settle()
    if report.problems:
        sys.exit(1)


def _print_spread(json_out: bool) -> None:
    wanted = seed_targets.targets()
    records = seed_targets.starter_records()
    rows = seed_targets.spread(records, wanted)
    rows += seed_targets.judged_spread(seed_targets.judged_questions(), wanted)
    if json_out:
        click.echo(json.dumps([row.as_dict() for row in rows], indent=2))
        return
    for line in seed_report.spread_lines(rows, records):
        click.echo(line)


def _print_unread(json_out: bool) -> None:
    near = full_studies.nearest(seed_targets.starter_records())
    if json_out:
        click.echo(json.dumps([one.as_dict() for one in near], indent=2))
        return
    for line in seed_report.unread_lines(near):
        click.echo(line)


def _print_seeding(report: seeding.SeedReport) -> None:
    click.echo(
        f"{report.sources} sources, {report.schemes} award schemes; records: "
        f"{report.created} new, {report.changed} changed, {report.same} unchanged"
        + (f", {report.kept} edited here and left alone" if report.kept else "")
        + "."
    )
    for problem in report.problems:
        click.echo(f"Not loaded: {problem}", err=True)


@click.command()
@click.argument("file", type=_file)
@click.option("--draft", is_flag=True, help="Keep it as a draft instead of publishing it.")
def add(file: Path, draft: bool) -> None:
    """Add one record written as YAML (the format of seeds/records), or change the one of its id.

    A changed record stays in the state it is in.
    """
    content = service.parse(seeding.read_yaml(file))
    with session_scope(write=True) as session:
        before = service.state_of(session, content.id)
        saved = service.save(
            session,
            content,
            door="file",
            actor="command line",
            state="draft" if draft else before or "published",
        )
        jobs.enqueue(session, "index.sync", key="index.sync")
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
        click.echo(f"{run.id}  {run.at:%Y-%m-%d %H:%M}  {run.state:8}  {run.file}  {told_counts}")


@click.command("import")
@click.argument("files", type=_file, nargs=-1)
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
    listing: bool,
    undo_id: str | None,
    json_out: bool,
) -> None:
    """Bring in records or documents from files (YAML, JSON, CSV, Excel, RIS, BibTeX, text)."""
    if listing or undo_id:
        _past_imports(undo_id, json_out)
        return
    if not files:
        raise click.UsageError("Give one or more files, or --list, or --undo ID.")
    from kb import imports

    failed = False
    reports = []
    for file in files:
        try:
            report = imports.import_file(
                file,
                format_name=format_name,
                dry_run=dry_run,
                skip_bad=skip_bad,
                mapping=maps or None,
                as_drafts=as_drafts,
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
        if not json_out:
            click.echo(report.as_text())
    if not dry_run:
        with session_scope(write=True) as session:
            jobs.enqueue(session, "index.sync", key="index.sync")
        settle()
    if json_out:
        click.echo(json.dumps(reports, indent=2, ensure_ascii=False))
    if failed:
        sys.exit(1)


@click.command()
@click.option(
    "--format",
    "format_name",
    default="json",
    show_default=True,
    help="bibtex, csljson, csv, docx, json, markdown, ris, xlsx or yaml; or its file ending.",
)
@click.option("--query", help="Only what this search finds; all records when left out.")
@click.option(
    "--out", type=_new_file, callback=_in_a_folder, help="File to write; else standard output."
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
            ids = [record_id for record_id in _found(query) if record_id in set(ids)]
        data = known[format_name].write(service.load(session, ids))
    if out is not None:
        temporary = out.with_name(out.name + ".part")
        temporary.write_bytes(data)
        temporary.replace(out)
        click.echo(f"{len(ids)} records written to {out}.", err=True)
    else:
        sys.stdout.buffer.write(data)


def _found(query: str) -> list[str]:
    """Ids that a search finds; the index folder offers this as a service of its own."""
    for folder in folders():
        if "find" in folder.services:
            found: list[str] = folder.services["find"](query)
            return found
    raise click.ClickException("Search is not installed.")


@click.command()
@click.argument("file", type=_new_file, callback=_in_a_folder)
def backup(file: Path) -> None:
    """Write everything but the search index (which is made anew) to one file."""
    counts = write_backup(file)
    click.echo(f"{counts.get('record', 0)} records and {sum(counts.values())} rows in {file}.")


@click.command()
@click.argument("file", type=_file)
@click.option("--replace", is_flag=True, help="Give up what this store holds now.")
def restore(file: Path, replace: bool) -> None:
    """Make the store what it was when a backup was written. Stop the site first."""
    counts = restore_backup(file, replace=replace)
    publish_terms()
    settle()
    click.echo(f"{counts.get('record', 0)} records and {sum(counts.values())} rows restored.")


@click.command()
@as_json
def doctor(json_out: bool) -> None:
    """Look at every part of the installation and say what is wrong and what to do."""
    checks: list[Check] = []
    for folder in folders():
        for look in folder.checks:
            try:
                checks.append(look())
            except Exception as error:  # noqa: BLE001  a broken part must not hide the others
                checks.append(Check(look.__name__, False, f"{type(error).__name__}: {error}"))
    if json_out:
        click.echo(json.dumps([vars(check) for check in checks], indent=2))
    else:
        for check in checks:
            mark = "ok  " if check.ok else "FAIL"
            remedy = f" → {check.remedy}" if check.remedy and not check.ok else ""
            click.echo(f"{mark} {check.name}: {check.finding}{remedy}")
    if not all(check.ok for check in checks):
        sys.exit(1)


@click.command()
def worker() -> None:
    """Run queued jobs (index catch-up, crawls, uploads) until stopped."""
    from filelock import Timeout

    try:
        jobs.work()
    except Timeout:
        raise click.ClickException(
            f"Another worker already runs for {settings().home.resolve()}."
        ) from None


@click.command("settings")
def show_settings() -> None:
    """List every setting with its default and what it does (a Markdown table)."""
    click.echo(settings_table())


def check_settings() -> Check:
    """Whether the folder of state can be written."""
    home = settings().home
    home.mkdir(parents=True, exist_ok=True)
    probe = home / ".probe"
    probe.write_text("")
    probe.unlink()
    return Check("KB_HOME", True, str(home.resolve()))


def check_store() -> Check:
    """Whether the store answers and is at the newest migration."""
    at, wanted = migrations.current(), migrations.newest()
    kind = engine().dialect.name
    return Check("store", at == wanted, f"{kind}, at {at}, newest is {wanted}", "run `kb migrate`")


def check_records() -> Check:
    """How many records there are, and whether each has its revision."""
    with session_scope() as session:
        counted = service.count(session)
        lacking = service.without_revision(session)
    return Check(
        "records",
        not lacking,
        f"{counted} records, {len(lacking)} without their revision",
        f"restore a backup; first: {', '.join(lacking[:3])}",
    )


def check_vocabularies() -> Check:
    """Whether every vocabulary file can be used."""
    found = vocabularies()
    return Check(
        "vocabularies",
        True,
        f"{len(found)} lists, {sum(map(len, (v.terms for v in found.values())))} terms",
    )


def check_jobs() -> Check:
    """Whether jobs are waiting in vain."""
    failed = jobs.failed()
    return Check(
        "jobs",
        not failed,
        f"{len(jobs.due_jobs())} due, {len(failed)} failed"
        + (f" ({failed[0].name}: {failed[0].error})" if failed else ""),
        "see the error, then run the command that queued it again",
    )


COMMANDS = [
    migrate,
    init,
    seed,
    add,
    import_files,
    export,
    backup,
    restore,
    doctor,
    worker,
    show_settings,
    *ACCOUNT_COMMANDS,
    *TRAIL_COMMANDS,
    *VOCABULARY_COMMANDS,
]
CHECKS = [
    check_settings,
    check_store,
    check_records,
    check_vocabularies,
    check_jobs,
    mail.check_mail,
    outside.check_outside,
]
JOBS: dict[str, jobs.Handler] = {
    mail.JOB: mail.send,
    attachments.JOB: attachments.collect,
    **import_site.JOBS,
    sheet.JOB: sheet.read,
}
