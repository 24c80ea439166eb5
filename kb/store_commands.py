"""Commands about the store as a whole: set up, bring up to date, fill, keep a copy of, go back."""

import json
import sys
from pathlib import Path

import click

from kb import full_studies, migrations, seed_report, seed_targets, seeding
from kb.backup import restore_backup, write_backup
from kb.command_line import as_json, file_there, in_a_folder, new_file, settle
from kb.settings import settings
from kb.vocabularies.decided import publish as publish_terms


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
@click.argument("file", type=new_file, callback=in_a_folder)
def backup(file: Path) -> None:
    """Write everything but the search index (which is made anew) to one file."""
    counts = write_backup(file)
    click.echo(f"{counts.get('record', 0)} records and {sum(counts.values())} rows in {file}.")


@click.command()
@click.argument("file", type=file_there)
@click.option("--replace", is_flag=True, help="Give up what this store holds now.")
def restore(file: Path, replace: bool) -> None:
    """Make the store what it was when a backup was written. Stop the site first."""
    counts = restore_backup(file, replace=replace)
    publish_terms()
    settle()
    click.echo(f"{counts.get('record', 0)} records and {sum(counts.values())} rows restored.")
