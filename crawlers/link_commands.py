"""Commands about links: look at them, and say how they are."""

import json
import sys

import click

from crawlers import link_check
from kb.command_line import as_json
from kb.database import session_scope
from kb.directory import link_report
from kb.directory import links as store


@click.group("links")
def links() -> None:
    """How the web addresses that records and sources name are doing."""


@links.command("check")
@click.option(
    "--days", default=link_check.DAYS, show_default=True, help="Not looked at for so long."
)
@click.option("--limit", default=1000, show_default=True, help="Most addresses in one go.")
@click.option("--url", "urls", multiple=True, help="Only this address; may be given again.")
@click.option(
    "--copies/--no-copies",
    default=True,
    show_default=True,
    help="Ask web archives for copies of what is gone.",
)
@as_json
def check_links(days: int, limit: int, urls: tuple[str, ...], copies: bool, json_out: bool) -> None:
    """Look at the addresses that are due, and report by source what needs a person.

    Says who asks (KB_CRAWLER_CONTACT), obeys robots.txt and pauses between requests to one host. An
    address that failed is flagged only when it fails again days later; of what is flagged as gone a
    copy is then sought in web archives.
    """
    from crawlers.fetch import Fetcher

    with session_scope() as session:
        named = store.named_links(session)
        unknown = [url for url in urls if url not in named]
        chosen = list(urls) or store.due(session, days=days, most=limit)
    if unknown:
        raise click.UsageError(f"No record or source names {unknown[0]}.")
    progress = sys.stderr.isatty() and not json_out
    with Fetcher() as fetcher:
        counts = link_check.check(
            chosen,
            fetcher=fetcher,
            shown=(lambda url, state: click.echo(f"{state:9} {url}", err=True))
            if progress
            else None,
        )
        if copies:
            link_check.seek_copies(fetcher)
    _print_report(counts, json_out=json_out)


@links.command("report")
@as_json
def report_links(json_out: bool) -> None:
    """Report what is known of every address, without looking again."""
    _print_report(None, json_out=json_out)


def _print_report(counts: dict[str, int] | None, *, json_out: bool) -> None:
    with session_scope() as session:
        found = link_report.report(session)
    if json_out:
        data = {
            "looked_at": counts,
            "named": found.named,
            "states": found.states,
            "by_source": {
                source: [trouble.as_dict() for trouble in troubles]
                for source, troubles in found.troubles.items()
            },
            "changed": [one.as_dict() for one in found.changed],
        }
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    if counts is not None:
        click.echo(f"{sum(counts.values())} addresses looked at.")
    known = ", ".join(f"{count} {state}" for state, count in found.states.items() if count)
    click.echo(f"{found.named} addresses are named; known of them: {known or 'nothing yet'}.")
    for source, troubles in found.troubles.items():
        click.echo(f"\n{source or 'no source'} ({len(troubles)}):")
        for trouble in troubles:
            click.echo(f"  {trouble.state}: {trouble.url}")
            if trouble.moved_to:
                click.echo(f"    now at {trouble.moved_to}")
            if trouble.copied_at:
                click.echo(f"    copy of {trouble.copied_at:%Y-%m-%d}: {trouble.archive}")
            elif trouble.archive:
                click.echo(f"    a copy may stand at {trouble.archive}")
            elif trouble.state != "moved":
                click.echo("    no web archive has a copy")
            if trouble.reason:
                click.echo(f"    it says: {trouble.reason}")
            click.echo(f"    named by {', '.join(who.id for who in trouble.named_by)}")
    if found.changed:
        click.echo(f"\nWith other words than at the look before ({len(found.changed)}):")
    for one in found.changed:
        click.echo(f"  {one.url}, named by {', '.join(who.id for who in one.named_by)}")
