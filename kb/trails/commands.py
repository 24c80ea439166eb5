"""Commands about trails, for whoever runs the site; and this folder's part in personal data."""

import json
from pathlib import Path

import click
from sqlmodel import Session

from kb.accounts import personal_data as registry
from kb.command_line import in_a_folder, new_file, put_out
from kb.database import session_scope
from kb.trails import log, service
from kb.trails.errors import TrailNotFound
from kb.trails.models import Trail
from kb.trails.report import Report, report_of
from kb.trails.report_files import FORMATS

registry.register("trails", service.personal_data, service.erase)


@click.group()
def trail() -> None:
    """Show or export a search trail.

    Trails are private to their owners; these commands are for whoever runs the site and already
    has the store in hand.
    """


def _trail(session: Session, trail_id: str) -> Trail:
    row = session.get(Trail, trail_id)
    if row is None:
        raise TrailNotFound("trail", trail_id)
    return row


def _report(trail_id: str) -> Report:
    with session_scope() as session:
        return report_of(session, _trail(session, trail_id))


@trail.command()
@click.argument("trail_id", metavar="ID")
@click.option("--json", "json_out", is_flag=True, help="Print the log of events as JSON.")
def show(trail_id: str, json_out: bool) -> None:
    """Print a trail's report as text, or its whole log with --json."""
    if not json_out:
        click.echo(FORMATS["markdown"].write(_report(trail_id)).decode())
        return
    with session_scope() as session:
        _trail(session, trail_id)
        events = [
            event.model_dump(mode="json", exclude={"words"})
            for event in log.events(session, trail_id)
        ]
    click.echo(json.dumps(events, indent=2, ensure_ascii=False))


@trail.command()
@click.argument("trail_id", metavar="ID")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(sorted(FORMATS)),
    default="docx",
    show_default=True,
    help="Format of the report.",
)
@click.option(
    "--out", type=new_file, callback=in_a_folder, help="File to write; else standard output."
)
def export(trail_id: str, format_name: str, out: Path | None) -> None:
    """Write a trail's report to a file."""
    put_out(FORMATS[format_name].write(_report(trail_id)), out, "Report")
