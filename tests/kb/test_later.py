"""What is imported only when used: it is there, it is what is said of it, and it does come late."""

import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import pytest
from sqlmodel import SQLModel

from kb import jobs
from kb.accounts import personal_data
from kb.cli import cli
from kb.folders import folders
from kb.later import Later, LaterCommand, whole

SHOWN = 60
COMMANDS = [
    command
    for folder in folders()
    for command in folder.commands
    if isinstance(command, LaterCommand)
]
FUNCTIONS: list[Callable[..., Any]] = [
    function
    for folder in folders()
    for function in (
        *folder.jobs.values(),
        *folder.long_jobs.values(),
        *folder.schedules,
        *folder.readied,
        *folder.checks,
        *folder.services.values(),
    )
]
LATE = [function for function in FUNCTIONS if isinstance(function, Later)]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_help_shows_what_the_command_itself_says(command: LaterCommand) -> None:
    itself = whole(command)
    assert itself.name == command.name
    # In the list of commands, which is at most 80 wide, there is room for no more than this.
    assert command.get_short_help_str(SHOWN) == itself.get_short_help_str(SHOWN)
    assert itself.hidden == command.hidden


@pytest.mark.parametrize("late", LATE, ids=lambda late: late.where)
def test_every_function_is_where_it_is_said_to_be(late: Later) -> None:
    module, _, name = late.where.partition(":")
    assert callable(getattr(import_module(module), name))


def test_jobs_are_run_under_the_names_that_they_are_queued_by() -> None:
    for name, handler in jobs.handlers().items():
        if isinstance(handler, Later):
            module = import_module(handler.where.partition(":")[0])
            named = [value for key, value in vars(module).items() if key.isupper()]
            # Where the module that does the work does not name it, the door of the work does.
            assert name in named or name in {"upload.read", "duplicates.look"}
    from kb.duplicates import service as duplicates
    from kb.imports import uploads

    assert {uploads.JOB, duplicates.LOOK} <= set(jobs.handlers())


def test_all_who_keep_something_of_a_person_take_part() -> None:
    assert {part.name for part in personal_data.parts()} >= {
        "awards", "curation", "news", "trails", "uploads",
    }  # fmt: skip


def test_a_command_elsewhere_works_as_if_it_stood_here() -> None:
    context = click.Context(cli)
    found = cli.get_command(context, "settings")  # type: ignore[attr-defined]
    assert isinstance(found, LaterCommand)
    with found.make_context("settings", ["--help"], resilient_parsing=True) as own:
        assert own.command is whole(found)


def test_help_loads_nothing_heavy() -> None:
    asked = (
        "import sys\n"
        "from kb.cli import cli\n"
        "try: cli(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'pydantic', 'sqlalchemy', 'numpy', 'yaml', 'bs4', 'httpx', 'fastapi'}"
        " & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", asked], check=True, capture_output=True, text=True
    ).stdout
    assert "Serve the site" in shown
    assert shown.endswith("[]\n")


def test_tables_bring_along_those_that_they_refer_to() -> None:
    """Else a command that loads few of them could not write any."""
    from kb.store_tables import metadata

    stands_in = {
        str(mapper.local_table): mapper.class_.__module__
        for mapper in SQLModel._sa_registry.mappers
    }
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            here, there = stands_in[table.name], stands_in[key.column.table.name]
            source = Path(import_module(here).__file__ or "").read_text("utf-8")
            assert here == there or f"import {there}" in source, (table.name, there)
