"""What `kb doctor` says: its command, and the checks of the store and what goes with it."""

import json
import sys

import click

from kb import jobs, migrations
from kb.command_line import as_json
from kb.database import engine, session_scope
from kb.folders import Check, folders
from kb.records import service
from kb.settings import settings
from kb.vocabularies import vocabularies


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
