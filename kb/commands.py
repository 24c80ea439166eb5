"""What this folder offers: its commands, checks and jobs, and two commands about the program."""

import click

import kb.awards.commands
import kb.curation.commands  # noqa: F401  these register their part in personal data
from kb import doctor, jobs, record_commands, store_commands
from kb.accounts.commands import COMMANDS as ACCOUNT_COMMANDS
from kb.alerts import mail
from kb.curation import attachments
from kb.imports import sheet
from kb.imports import site as import_site
from kb.settings import settings, settings_table
from kb.trails.commands import COMMANDS as TRAIL_COMMANDS
from kb.vocabularies.commands import COMMANDS as VOCABULARY_COMMANDS


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


COMMANDS = [
    *store_commands.COMMANDS,
    *record_commands.COMMANDS,
    doctor.doctor,
    worker,
    show_settings,
    *ACCOUNT_COMMANDS,
    *TRAIL_COMMANDS,
    *VOCABULARY_COMMANDS,
]
CHECKS = doctor.CHECKS
JOBS: dict[str, jobs.Handler] = {
    mail.JOB: mail.send,
    attachments.JOB: attachments.collect,
    **import_site.JOBS,
    sheet.JOB: sheet.read,
}
