"""`kb crawl` and `kb sources` as they are called, killed runs included."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from kb import jobs
from kb.cli import cli
from tests.crawlers.listings import award_entry, write_listing
from tests.crawlers.local_kb import local_kb

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run_kb(store: Path) -> Run:
    """Runs a command in this process: only what is killed needs one of its own."""

    def run(*words: str) -> "subprocess.CompletedProcess[str]":
        done = CliRunner().invoke(cli, words)
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def no_indexing(store: Path) -> Iterator[None]:
    """As if a worker ran: commands then only wake it, and indexing does not slow the test."""
    with jobs._worker_lock():
        yield


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    """A listing with as many items as a run of the source must find."""
    return write_listing(tmp_path / "listing", [award_entry(number) for number in range(1, 1002)])


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "kb.sqlite", timeout=30) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.usefixtures("no_indexing")
def test_a_short_listing_is_a_failed_run(store: Path, run_kb: Run, tmp_path: Path) -> None:
    folder = write_listing(tmp_path / "short", [award_entry(1), award_entry(2)])
    done = run_kb("crawl", "pop-datasets", "--from", str(folder))
    assert done.returncode == 1
    assert "2 records found; a run should find 1000 to 3000" in done.stdout
    dry = run_kb("crawl", "pop-datasets", "--from", str(folder), "--dry-run", "--json")
    assert json.loads(dry.stdout)[0]["dry_run"] is True
    assert rows(store, "select count(*) from source_run") == [(1,)]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("crawl",), 2, "Name a source: "),
        (("crawl", "pop-datasets"), 1, "--from"),
        (("crawl", "pop-datasets", "--from", "no-such-folder"), 2, "does not exist"),
        (("crawl", "no-such", "--from", "."), 1, "There is no source 'no-such'"),
        (("crawl", "--new", "Not An Id"), 1, "cannot be the id of a source"),
        (("sources", "show", "no-such"), 1, "There is no source 'no-such'"),
        (("sources", "list", "--state", "purple"), 1, "'purple' is not a term of"),
    ],
)
def test_wrong_calls_are_explained(
    store: Path, run_kb: Run, words: tuple[str, ...], code: int, message: str
) -> None:
    done = run_kb(*words)
    assert done.returncode == code
    assert message in done.stderr


@pytest.mark.usefixtures("no_indexing")
def test_a_file_that_holds_nothing_of_use_is_named(
    store: Path, run_kb: Run, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.txt"
    for data in (b"", b"eggs and milk\n", bytes(range(256))):
        wrong.write_bytes(data)
        done = run_kb("crawl", "pop-datasets", "--from", str(wrong))
        assert done.returncode == 1
        assert f"Nothing was found in {wrong}; 'pop-datasets' reads content.json" in done.stderr
        done = run_kb("crawl", "eucpn", "--list", str(wrong))
        assert done.returncode == 1
        assert f"{wrong} lists no addresses: write one a line" in done.stderr


def test_sources_are_listed_with_their_state(store: Path, run_kb: Run) -> None:
    listed = json.loads(run_kb("sources", "list", "--json").stdout)
    assert len(listed) > 38
    by_id = {item["id"]: item for item in listed}
    assert by_id["pop-datasets"]["can_be_crawled"]
    live = json.loads(
        run_kb("sources", "list", "--state", "live", "--aspect", "who", "--json").stdout
    )
    assert 0 < len(live) < len(listed)
    assert {item["state"] for item in live} == {"live"}
    assert all("who" in item["aspects"] for item in live)
    assert f"{len(listed)} sources." in run_kb("sources", "list").stdout


@pytest.mark.usefixtures("no_indexing")
def test_a_crawl_killed_again_and_again_loses_and_doubles_nothing(
    store: Path, run_kb: Run, listing: Path
) -> None:
    """kill -9 as soon as a random number of records is there; the last run completes the rest.

    Then the file itself is read instead of the folder that holds it, and nothing is new.
    """
    with local_kb(store, {}) as kb:
        for target in sorted(random.Random(11).sample(range(20, 200), 4)):
            crawl = kb.start("crawl", "pop-datasets", "--from", str(listing))
            while int(str(rows(store, "select count(*) from record")[0][0])) < target:
                time.sleep(0.005)
            os.kill(crawl, signal.SIGKILL)
            assert kb.wait() == -signal.SIGKILL
            assert rows(store, "pragma integrity_check") == [("ok",)]
            there = rows(store, "select count(*) from record")
            assert there >= [(target,)]
            assert rows(store, "select count(*) from record_source") == there
            assert rows(store, "select count(*) from record_revision") == there
            assert rows(store, "select count(*) from job where state = 'queued'") == [(1,)]
    done = run_kb("crawl", "pop-datasets", "--from", str(listing), "--json")
    assert done.returncode == 0, done.stderr
    counts = json.loads(done.stdout)[0]["counts"]
    assert counts["new"] + counts["same"] == 1001
    assert rows(store, "select count(*), max(version) from record") == [(1001, 1)]
    assert rows(store, "select count(distinct external_id) from record_source") == [(1001,)]
    assert rows(store, "select outcome from source_run order by id") == [
        *[("interrupted",)] * 4,
        ("done",),
    ]
    again = run_kb("crawl", "pop-datasets", "--from", str(listing / "content.json"))
    assert again.returncode == 0, again.stderr
    assert "1001 records found" in again.stdout
    assert " 1001 same" in again.stdout
    shown = json.loads(run_kb("sources", "show", "pop-datasets", "--json").stdout)
    assert (shown["records"], shown["last_run"]["outcome"]) == (1001, "done")
    assert "1001" in run_kb("sources", "show", "pop-datasets").stdout


@pytest.mark.usefixtures("store")
def test_check_says_where_each_of_the_38_stands_and_why(run_kb: Run) -> None:
    done = run_kb("sources", "check", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["problems"] == []
    paper = {item["number"]: item for item in told["sources"] if item["number"]}
    assert sorted(paper) == list(range(1, 39))
    assert {item["code"] for item in paper.values()} == {"built", "archive", "directory"}
    assert all(item["why"] for item in told["sources"])
    built = [item for item in told["sources"] if item["code"] in ("built", "archive")]
    assert [item["number"] for item in built if not item["evidence"]] == [17]
    assert paper[17]["why"].startswith("Read through “LGA case studies”.")
    plain = run_kb("sources", "check")
    assert "31. European Crime Prevention Award" in plain.stdout
    assert "Of the 38 systems of 2009: " in plain.stdout


@pytest.mark.usefixtures("store")
def test_a_directory_entry_is_ticked_off(run_kb: Run) -> None:
    assert run_kb("sources", "tick", "crp-news", "--note", "Nobody knows.").returncode == 0
    told = json.loads(run_kb("sources", "check", "--json").stdout)["sources"]
    (entry,) = [item for item in told if item["id"] == "crp-news"]
    assert entry["code"] == "directory"
    assert "Gone through by hand on" in entry["why"]
    assert "Nobody knows." in entry["why"]
    assert run_kb("sources", "tick", "no-such").returncode == 1
