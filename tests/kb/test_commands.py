"""The `kb` command as a person runs it: output, exit codes, and nothing lost on bad input."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess, run

import pytest
import yaml

from kb.database import session_scope
from kb.records import service
from tests.factories import entry, practice

Run = Callable[..., CompletedProcess[str]]


def _record_file(folder: Path, **changes: object) -> Path:
    path = folder / "record.yaml"
    path.write_text(yaml.safe_dump(practice(**changes).snapshot(), allow_unicode=True))
    return path


def test_add_publishes_a_record_and_makes_it_findable(
    store: Path, run_kb: Run, tmp_path: Path
) -> None:
    added = run_kb("add", str(_record_file(tmp_path, id="marsh-lane")))
    assert added.returncode == 0, added.stderr
    assert "created: marsh-lane" in added.stdout
    found = run_kb("search", "alley gates", "--json")
    assert found.returncode == 0, found.stderr
    assert "marsh-lane" in found.stdout


def test_add_names_what_is_wrong_and_keeps_nothing(
    store: Path, run_kb: Run, tmp_path: Path
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("title: A\nproblem_types: [no such thing]\n")
    refused = run_kb("add", str(path))
    assert refused.returncode == 1
    assert "problem_types" in refused.stderr
    assert "Traceback" not in refused.stderr
    with session_scope() as session:
        assert service.count(session) == 0


def test_an_unfinished_record_is_told_of_drafts(store: Path, run_kb: Run, tmp_path: Path) -> None:
    path = tmp_path / "begun.yaml"
    path.write_text("title: Gates in Marsh Lane\n")
    refused = run_kb("add", str(path))
    assert refused.returncode == 1
    assert "problem_statement: required" in refused.stderr
    assert "keep it with --draft" in refused.stderr
    refused = run_kb("import", str(path))
    assert "add --drafts to complete rows later" in refused.stdout
    assert "1 new; a draft" in run_kb("import", "--drafts", str(path)).stdout


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("notes.txt", "A project: it worked: well\n", "`kb import` takes other kinds"),
        ("notes.txt", "Just some words.\n", "`kb import` takes other kinds"),
        ("record.yaml", "title: [\n", "line 2"),
        ("record.yaml", "", "The file is empty"),
        ("record.yaml", "- title: A\n- title: B\n", "takes them all"),
        ("record.yaml", "- 5\n", "not a record"),
    ],
)
def test_add_says_what_the_file_must_be(
    name: str, text: str, said: str, store: Path, run_kb: Run, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(text)
    refused = run_kb("add", str(path))
    assert refused.returncode == 1
    assert said in refused.stderr
    assert "holds 2 records" in refused.stderr or "seeds/records/" in refused.stderr
    assert "\n" not in refused.stderr.strip()


def test_wrong_use_ends_in_2(store: Path, run_kb: Run) -> None:
    assert run_kb("add").returncode == 2
    assert run_kb("no-such-command").returncode == 2
    assert run_kb("export", "--format", "no-such-format").returncode == 2


def test_a_store_that_is_not_set_up_says_what_to_do(home: Path, run_kb: Run) -> None:
    refused = run_kb("export")
    assert refused.returncode == 1
    assert "kb init" in refused.stderr


def test_a_bad_setting_is_named_by_a_process_of_its_own(home: Path) -> None:
    refused = run(
        [str(Path(sys.executable).parent / "kb"), "migrate"],
        env={**os.environ, "KB_PORT": "many"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert refused.returncode == 1
    assert "KB_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_export_holds_only_what_everybody_may_see(store: Path, run_kb: Run, tmp_path: Path) -> None:
    with session_scope(write=True) as session:
        service.save(session, practice(id="seen"), door="file", actor="a", state="published")
        service.save(session, practice(id="draft"), door="file", actor="a", state="draft")
    out = tmp_path / "all.json"
    assert run_kb("export", "--out", str(out)).returncode == 0
    assert [row["id"] for row in json.loads(out.read_text())] == ["seen"]


def test_doctor_is_well_after_a_sync_and_says_what_is_not(store: Path, run_kb: Run) -> None:
    assert run_kb("index", "sync").returncode == 0
    well = run_kb("doctor", "--json")
    assert well.returncode == 0, well.stdout
    (store / "kb.sqlite").write_bytes(b"this is no database")
    broken = run_kb("doctor")
    assert broken.returncode == 1
    assert "FAIL" in broken.stdout
    assert "Traceback" not in broken.stderr


def test_adding_what_was_exported_changes_nothing(store: Path, run_kb: Run, tmp_path: Path) -> None:
    with session_scope(write=True) as session:
        made = service.save(
            session, entry(), door="harvest", actor="crawler", state="published-unverified"
        )
    exported = run_kb("export", "--format", "yaml")
    path = tmp_path / "again.yaml"
    path.write_text(exported.stdout)
    added = run_kb("add", str(path))
    assert f"same: {made.id}" in added.stdout, added.stdout + added.stderr


def test_a_folder_that_is_not_there_is_one_clear_line(store: Path, run_kb: Run) -> None:
    for words in (("export", "--out", "/no/such/x.json"), ("backup", "/no/such/b.zip")):
        refused = run_kb(*words)
        assert refused.returncode == 2
        assert "no folder /no/such" in refused.stderr
        assert "Traceback" not in refused.stderr
