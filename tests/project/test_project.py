"""What the project must not hold, and what every command must offer."""

import json
import re
import subprocess

import click
import pytest

from kb.folders import folders
from kb.later import whole
from kb.settings import PROJECT

REQUIRED = {
    "serve",
    "init",
    "migrate",
    "seed",
    "add",
    "import",
    "export",
    "search",
    "index",
    "evaluate",
    "crawl",
    "sources",
    "doctor",
    "worker",
}


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        check=True,
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    return [name for name in listed.stdout.splitlines() if (PROJECT / name).is_file()]


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_name_no_address_hash_or_local_build(lock: str) -> None:
    assert not re.search(r"://|--hash|\+cpu", (PROJECT / lock).read_text("utf-8"))


def test_the_npm_lock_names_no_download_address() -> None:
    lock = json.loads((PROJECT / "package-lock.json").read_text("utf-8"))
    assert lock["packages"]
    assert not [name for name, item in lock["packages"].items() if "resolved" in item]


def test_torch_is_pinned_to_the_version_that_installs_quickly() -> None:
    assert "torch==2.13.0\n" in (PROJECT / "requirements.lock").read_text("utf-8")


def test_no_file_is_large_and_none_is_built() -> None:
    for name in _tracked():
        assert (PROJECT / name).stat().st_size < 1_500_000, name
        assert "assets/build" not in name


def _commands() -> list[tuple[str, click.Command]]:
    found = []
    for folder in folders():
        for command in map(whole, folder.commands):
            found.append((str(command.name), command))
            for name, sub in getattr(command, "commands", {}).items():
                found.append((f"{command.name} {name}", sub))
    return found


def test_the_commands_relied_on_from_outside_exist() -> None:
    assert {name for name, _ in _commands()} >= REQUIRED


@pytest.mark.parametrize(("name", "command"), _commands())
def test_every_command_and_option_has_help(name: str, command: click.Command) -> None:
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"
