"""Two commands about the program: its worker, and its settings."""

import gc

import click

from kb import jobs
from kb.cli import USUAL
from kb.settings import settings, settings_table


@click.command()
def worker() -> None:
    """Run queued jobs (index catch-up, crawls, uploads) until stopped."""
    from filelock import Timeout

    gc.set_threshold(*USUAL)  # for what goes on for long makes rubbish
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
