"""The command that brings in what sources hold."""

import json
import sys
from pathlib import Path

import click

from crawlers import live, new
from crawlers.discovery import address_list
from crawlers.errors import DiscoveryFailed
from crawlers.files import page_from, pages_from
from crawlers.run import run
from crawlers.run_report import RunReport
from crawlers.source import Source, known_sources, source_named
from kb.command_line import as_json, file_there, settle
from kb.errors import FileUnreadable


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option(
    "--from",
    "from_path",
    type=click.Path(exists=True, path_type=Path),
    help="File to read, or a folder that holds it.",
)
@click.option(
    "--list",
    "list_path",
    type=file_there,
    help="Fetch only the addresses in this file: one a line, or a CSV with a column url.",
)
@click.option("--kept", is_flag=True, help="Read the pages kept from earlier runs; ask no site.")
@click.option(
    "--full",
    is_flag=True,
    help="Begin anew and ask for everything, not only for what a repository has changed.",
)
@click.option("--dry-run", is_flag=True, help="Do everything, keep nothing.")
@click.option("--new", "new_name", metavar="NAME", help="Write the files of a new source instead.")
@as_json
def crawl(
    sources: tuple[str, ...],
    from_path: Path | None,
    list_path: Path | None,
    kept: bool,
    full: bool,
    dry_run: bool,
    new_name: str | None,
    json_out: bool,
) -> None:
    """Bring in what SOURCE holds: from its site, from web archives, or from files (--from).

    Over the web this says who crawls (KB_CRAWLER_CONTACT), obeys robots.txt and takes its time; a
    run that was stopped goes on where it was. Running it again changes only what has changed at
    the source; a repository (OAI-PMH) is asked only for what changed since the run before. A run
    that finds far more or fewer records than the source should give is a failed run (exit 1); what
    it saved is kept.
    """
    if new_name:
        _scaffold(new_name)
        return
    if not sources:
        raise click.UsageError(f"Name a source: {', '.join(known_sources()) or 'there is none'}.")
    if list_path is not None and len(sources) > 1:
        raise click.UsageError("--list goes with one source.")
    if sum((from_path is not None, list_path is not None, kept)) > 1:
        raise click.UsageError("Give only one of --from, --list and --kept.")
    if full and (from_path is not None or list_path is not None or kept):
        raise click.UsageError("--full goes with a run over the web alone.")
    found = [source_named(source_id) for source_id in dict.fromkeys(sources)]
    reports: list[RunReport] = []
    progress = sys.stderr.isatty() and not json_out
    for source in found:
        if kept:
            report = live.read_kept(source, dry_run=dry_run, progress=progress)
        elif from_path is None:
            only = _listed(list_path, source) if list_path is not None else []
            report = live.crawl(source, only=only, full=full, dry_run=dry_run, progress=progress)
        else:
            pages = pages_from(from_path, source)
            report = run(source, pages, dry_run=dry_run, progress=progress)
        reports.append(report)
        if not json_out:
            click.echo(report.as_text())
        if from_path is not None and not report.counts["found"]:
            wanted = " or ".join(source.files) or "pages saved from its site"
            click.echo(f"Nothing was found in {from_path}; '{source.id}' reads {wanted}.", err=True)
    if not dry_run:
        settle()
    if json_out:
        click.echo(
            json.dumps([report.as_dict() for report in reports], indent=2, ensure_ascii=False)
        )
    if any(report.failures for report in reports):
        sys.exit(1)


def _listed(path: Path, source: Source) -> list[str]:
    try:
        return [item.url for item in address_list(page_from(path, source.home))]
    except DiscoveryFailed:
        raise FileUnreadable(
            f"{path} lists no addresses: write one a line, each beginning with https://, or give a "
            "CSV with a column url."
        ) from None


def _scaffold(name: str) -> None:
    for path in new.scaffold(name):
        click.echo(f"written: {path}")
    click.echo("Next: fill in the source file and its entry, put real markup into the example")
    click.echo("pages, delete the expected files, have them written anew by `python -m pytest")
    click.echo("tests/crawlers/test_pages.py`, and review them; then `kb seed` brings the entry")
    click.echo("into the directory, and `kb crawl` can read it.")
