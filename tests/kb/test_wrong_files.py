"""Every command that takes a file, given a wrong one: one clear line, nothing of Python in it."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from kb.database import session_scope
from kb.records import service

Run = Callable[..., CompletedProcess[str]]

# The ending that a file has to have, and the command; `{}` stands for the file.
COMMANDS = [
    (".yaml", "add {}"),
    *((ending, "import {}") for ending in (".yaml", ".json", ".csv", ".txt", ".xlsx", ".ris")),
    (".bib", "import {}"),
    (".docx", "import {}"),
    (".jsonl", "duplicates --records {}"),
    (".jsonl", "evaluate --corpus {} --queries {} --qrels {}"),
    (".zip", "restore {}"),
    (".ttl", "vocabularies import {} --into problem_types"),
    (".jsonld", "vocabularies import {} --into problem_types"),
]
WRONG = {
    "empty": b"",
    "blank": b" \n\n",
    "binary": bytes(range(256)) * 8,
    "UTF-16": "Gätes: £5\n".encode("utf-16"),
    "Latin-1": "Gätes: £5\n".encode("latin-1"),
    "words": b"eggs and milk, bread and butter\n",
    "zip": b"PK\x03\x04\x14\x00" + bytes(40),
}
PYTHON = ("codec can't", "Expecting value", "char 0", "Traceback", "Error(", "<class", "NoneType")


@pytest.mark.parametrize(("ending", "command"), COMMANDS)
def test_a_wrong_file_ends_in_a_clear_message(
    ending: str, command: str, store: Path, run_kb: Run, tmp_path: Path
) -> None:
    for name, data in WRONG.items():
        path = tmp_path / f"{name}{ending}"
        path.write_bytes(data)
        done = run_kb(*command.format(*[path] * 3).split())
        told = done.stdout + done.stderr
        assert done.returncode == 1, (name, told)
        assert not [word for word in PYTHON if word in told], (name, told)
        # What is wrong, and then what to do.
        assert any(mark in told for mark in (";", ". ", ":")), (name, told)
    with session_scope() as session:
        assert service.count(session) == 0


@pytest.mark.parametrize(("ending", "command"), COMMANDS)
def test_a_folder_or_a_wrong_name_is_said_to_be_one(
    ending: str, command: str, store: Path, run_kb: Run, tmp_path: Path
) -> None:
    folder = run_kb(*command.format(*[tmp_path] * 3).split())
    assert folder.returncode == 2
    assert "is a folder; name a file in it" in folder.stderr
    missing = run_kb(*command.format(*[tmp_path / f"none{ending}"] * 3).split())
    assert missing.returncode == 2
    assert "look at its name and its folder" in missing.stderr


def test_extract_says_what_to_do_with_what_it_cannot_read(
    store: Path, run_kb: Run, tmp_path: Path
) -> None:
    for name, data, hint in (
        ("a.txt", b"", "holds text"),
        ("a.pdf", b"PK\x03\x04\x14\x00", "Taken are PDF"),
    ):
        (tmp_path / name).write_bytes(data)
        done = run_kb("extract", str(tmp_path / name))
        assert done.returncode == 1
        assert hint in done.stderr
    assert "name a file in it" in run_kb("extract", str(tmp_path)).stderr
    assert "its name and its folder" in run_kb("extract", str(tmp_path / "none.pdf")).stderr
