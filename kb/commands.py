"""What this folder offers: commands, checks and jobs, all imported when used."""

from collections.abc import Callable
from typing import Any

import click

from kb.later import Later, LaterCommand

COMMANDS: list[click.Command] = [
    LaterCommand(
        "migrate",
        "kb.store_commands:migrate",
        "Bring the store up to what this version expects; data is kept.",
    ),
    LaterCommand(
        "init",
        "kb.store_commands:init",
        "Set up the store, load the starter collection and build the index.",
    ),
    LaterCommand(
        "seed",
        "kb.store_commands:seed",
        "Load the starter collection; records that people edited are left as they are.",
    ),
    LaterCommand(
        "backup",
        "kb.store_commands:backup",
        "Write everything but the search index (which is made anew) to one file.",
    ),
    LaterCommand(
        "restore",
        "kb.store_commands:restore",
        "Make the store what it was when a backup was written.",
    ),
    LaterCommand(
        "add",
        "kb.record_commands:add",
        "Add one record written as YAML (the format of seeds/records), or change the one of its "
        "id.",
    ),
    LaterCommand(
        "import",
        "kb.record_commands:import_files",
        "Bring in records or documents from files (YAML, JSON, CSV, Excel, RIS, BibTeX, text).",
    ),
    LaterCommand(
        "export",
        "kb.record_commands:export",
        "Write records that everybody may see to a file.",
    ),
    LaterCommand(
        "doctor",
        "kb.doctor:doctor",
        "Look at every part of the installation and say what is wrong and what to do.",
    ),
    LaterCommand(
        "worker",
        "kb.program_commands:worker",
        "Run queued jobs (index catch-up, crawls, uploads) until stopped.",
    ),
    LaterCommand(
        "settings",
        "kb.program_commands:show_settings",
        "List every setting with its default and what it does (a Markdown table).",
    ),
    LaterCommand(
        "users",
        "kb.accounts.commands:users",
        "Add, list and disable accounts, and give them roles.",
    ),
    LaterCommand("trail", "kb.trails.commands:trail", "Show or export a search trail."),
    LaterCommand(
        "vocabularies",
        "kb.vocabularies.commands:group",
        "The lists of terms that records are described by.",
    ),
]
CHECKS: list[Callable[..., Any]] = [
    Later("kb.doctor:check_settings"),
    Later("kb.doctor:check_store"),
    Later("kb.doctor:check_records"),
    Later("kb.imports.showing:check_documents"),
    Later("kb.doctor:check_vocabularies"),
    Later("kb.doctor:check_jobs"),
    Later("kb.alerts.mail:check_mail"),
    Later("kb.accounts.outside:check_outside"),
]
JOBS: dict[str, Callable[..., Any]] = {
    "mail.send": Later("kb.alerts.mail:send"),
    "attachment.collect": Later("kb.curation.attachments:collect"),
    "import.check": Later("kb.imports.site:check"),
    "import.keep": Later("kb.imports.site:keep"),
    "sheet.read": Later("kb.imports.sheet:read"),
}
SCHEDULES: list[Callable[..., Any]] = [Later("kb.imports.uploads:tidy_now")]
PERSONAL_DATA = [
    "kb.awards.personal",
    "kb.curation.personal",
    "kb.imports.uploads",
    "kb.trails.commands",
]
