import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from index.embed import default_embedder
from kb import jobs
from kb.cli import cli
from kb.database import session_scope
from kb.records import service
from kb.trails import usefulness
from kb.trails.access import Viewer
from tests.factories import practice
from tests.index.test_evaluate import CORPUS, write

Run = Callable[..., Result]


@pytest.fixture
def kb(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The command in this process: a process of its own for each call takes seconds."""
    with session_scope(write=True) as session:
        service.save(session, practice(id="one"), door="form", actor="test", state="published")

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, words)

    yield run
    default_embedder.cache_clear()


def test_index_commands(kb: Run, store: Path) -> None:
    assert "no index yet" in kb("index", "status").stdout
    missing = kb("search", "gates")
    assert missing.exit_code == 1
    assert "kb index rebuild" in missing.stderr
    assert json.loads(kb("index", "sync", "--json").stdout)["added"] == 1
    assert "up to date" in kb("index", "sync").stdout
    assert "1 records" in kb("index", "status").stdout
    assert json.loads(kb("index", "status", "--json").stdout)["records"] == 1
    assert "agrees" in kb("index", "check").stdout
    assert "1 records" in kb("index", "rebuild").stdout
    with session_scope(write=True) as session:
        content = practice(id="one", summary="Changed.")
        service.save(session, content, door="form", actor="test", state="published")
    checked = kb("index", "check", "--json")
    assert checked.exit_code == 1
    assert json.loads(checked.stdout)["outdated"] == ["one"]
    told = kb("index", "check").stdout
    assert "kb index rebuild" in told
    with session_scope(write=True) as session:
        jobs.index_soon(session)
    assert json.loads(kb("index", "check", "--json").stdout)["catching_up"]
    told = kb("index", "check").stdout
    assert "Changes wait" in told
    assert "rebuild" not in told
    with FileLock(store / "worker.lock"):
        told = kb("index", "check").stdout
    assert "still catching up" in told
    assert "rebuild" not in told
    assert "1 replaced" in kb("index", "sync").stdout


def test_a_search_for_nothing_says_that_it_lists_all(kb: Run) -> None:
    kb("index", "sync")
    for words in ((), ("--filter", "problem=burglary-dwelling")):
        for text in ("", "  "):
            shown = kb("search", text, *words)
            assert "Nothing to search for was given, so this lists all" in shown.stdout
            assert "[one]" in shown.stdout
    assert "Nothing to search" in json.loads(kb("search", "", "--json").stdout)["notes"][0]
    assert "Nothing to search" not in kb("search", "gates").stdout


def test_search_command(kb: Run) -> None:
    kb("index", "sync")
    shown = kb("search", "alley gates colour:blue", "--filter", "problem=burglary-dwelling")
    assert shown.exit_code == 0
    assert "Note: There is no field" in shown.stdout
    assert "[one]" in shown.stdout
    data = json.loads(kb("search", "ASB gates", "--mode", "keyword", "--json").stdout)
    assert data["total"] == 1
    assert data["hits"][0]["id"] == "one"
    assert data["facets"]["problem"]
    asked = kb("search", "what works to stop burglary").stdout
    assert "“what works to stop” was taken as part of the question" in asked
    assert "Narrow to Helps with: What to do: --filter aspect=what\n" in asked
    assert "1 records, all there are" in kb("search", "???").stdout
    wrong = kb("search", "gates", "--filter", "colour=blue")
    assert wrong.exit_code == 2
    assert "names are" in wrong.stderr


def test_evaluate_command(kb: Run, tmp_path: Path) -> None:
    corpus, queries, qrels = write(tmp_path, CORPUS, "q1 a 1\nq2 b 1\n")
    words = ("evaluate", "--corpus", str(corpus), "--queries", str(queries), "--qrels", str(qrels))
    figures = json.loads(kb(*words, "--mode", "keyword", "--json").stdout)
    assert list(figures) == ["keyword"]
    assert figures["keyword"]["ndcg@10"] == 1
    table = kb(*words)
    assert table.exit_code == 0
    assert "semantic" in table.stdout
    assert kb("evaluate", "--corpus", str(corpus)).exit_code == 2
    assert kb("evaluate").exit_code == 2
    for other in ("--from-annotations", "--judged"):
        assert kb(*words, other).exit_code == 2


def test_evaluate_by_what_people_found_useful(kb: Run) -> None:
    nothing = kb("evaluate", "--from-annotations")
    assert nothing.exit_code == 1
    assert "Nobody" in nothing.stderr
    kb("index", "sync")
    with session_scope(write=True) as session:
        for name, said in (("ann", "key"), ("bob", "useful")):
            usefulness.annotate(
                session, Viewer(account=name), "one", {"useful": said}, query="Alley gates"
            )
    measured = kb("evaluate", "--from-annotations", "--json")
    assert "1 judgements on 1 queries" in measured.stderr
    figures = json.loads(measured.stdout)
    assert list(figures) == ["hybrid", "keyword", "semantic"]
    assert figures["hybrid"]["ndcg@10"] == 1


def test_evaluate_by_the_projects_own_questions(kb: Run) -> None:
    kb("index", "sync")
    nothing = kb("evaluate", "--judged")
    assert nothing.exit_code == 1
    assert "kb seed" in nothing.stderr
    judged = practice(id="moped-registration-project-ddaf8c", title="Moped registration project")
    with session_scope(write=True) as session:
        service.save(session, judged, door="form", actor="test", state="published")
    kb("index", "sync")
    measured = kb("evaluate", "--judged", "--mode", "keyword", "--json")
    assert "no judged record" in measured.stderr
    # The record held answers two questions: the words of one find it, the slang of the other not.
    assert json.loads(measured.stdout)["tuned on"]["keyword"]["ndcg@10"] == 0.5
    assert kb("evaluate", "--judged").stdout.startswith("tuned on\n")
