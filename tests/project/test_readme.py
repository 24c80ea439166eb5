"""The README tells the truth: commands, settings, dependencies and folders it names exist."""

import re
import tomllib

import pytest

from kb.folders import folders
from kb.later import whole
from kb.settings import PROJECT, settings_table

README = (PROJECT / "README.md").read_text("utf-8")


def test_the_settings_table_is_the_codes_own() -> None:
    assert settings_table() in README


def test_every_command_named_exists() -> None:
    known: dict[str, set[str]] = {}
    for folder in folders():
        for command in map(whole, folder.commands):
            known[str(command.name)] = set(getattr(command, "commands", {}))
    named = re.findall(r"`kb ([a-z]+)(?: ([a-z]+))?", README)
    assert named
    for command, sub in named:
        assert command in known, f"kb {command}"
        if known[command]:
            assert sub in known[command], f"kb {command} {sub}"


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[\[<>=]", item)[0] for item in project["dependencies"]}
    table = README.split("## Dependencies")[1].split("##")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| ")]
    explained = {name.strip() for row in rows for name in row.split(",")} - {"Package"}
    assert explained == names


@pytest.mark.parametrize(
    "path", sorted(set(re.findall(r"`((?:kb|index|web|crawlers|seeds|tests)/[\w./]+)`", README)))
)
def test_every_path_named_exists(path: str) -> None:
    assert (PROJECT / path).exists()


def test_pictures_are_few_and_small() -> None:
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", README)
    assert len(pictures) <= 2
    for picture in pictures:
        assert (PROJECT / picture).stat().st_size < 200_000
