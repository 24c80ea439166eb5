import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kb.database import session_scope
from kb.records import service
from kb.trails import usefulness
from kb.trails.access import Viewer
from tests.factories import practice
from tests.index.test_evaluate import CORPUS, write

Run = Callable[..., subprocess.CompletedProcess[str]]
FAST = {"KB_EMBEDDING_MODEL": "hash"}


@pytest.fixture
def kb(store: Path, run_kb: Run) -> Run:
    with session_scope(write=True) as session:
        service.save(session, practice(id="one"), door="form", actor="test", state="published")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return run_kb(*words, env_changes=FAST)

    return run


def test_index_commands(kb: Run) -> None:
    assert "no index yet" in kb("index", "status").stdout
    missing = kb("search", "gates")
    assert missing.returncode == 1
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
    assert checked.returncode == 1
    assert json.loads(checked.stdout)["outdated"] == ["one"]
    assert "1 replaced" in kb("index", "sync").stdout


def test_search_command(kb: Run) -> None:
    kb("index", "sync")
    shown = kb("search", "alley gates colour:blue", "--filter", "problem=burglary-dwelling")
    assert shown.returncode == 0
    assert "Note: There is no field" in shown.stdout
    assert "[one]" in shown.stdout
    data = json.loads(kb("search", "ASB gates", "--mode", "keyword", "--json").stdout)
    assert data["total"] == 1
    assert data["hits"][0]["id"] == "one"
    assert data["facets"]["problem"]
    wrong = kb("search", "gates", "--filter", "colour=blue")
    assert wrong.returncode == 2
    assert "names are" in wrong.stderr


def test_evaluate_command(kb: Run, tmp_path: Path) -> None:
    corpus, queries, qrels = write(tmp_path, CORPUS, "q1 a 1\nq2 b 1\n")
    words = ("evaluate", "--corpus", str(corpus), "--queries", str(queries), "--qrels", str(qrels))
    figures = json.loads(kb(*words, "--mode", "keyword", "--json").stdout)
    assert list(figures) == ["keyword"]
    assert figures["keyword"]["ndcg@10"] == 1
    table = kb(*words)
    assert table.returncode == 0
    assert "semantic" in table.stdout
    assert kb("evaluate", "--corpus", str(corpus)).returncode == 2
    assert kb(*words, "--from-annotations").returncode == 2


def test_evaluate_by_what_people_found_useful(kb: Run) -> None:
    nothing = kb("evaluate", "--from-annotations")
    assert nothing.returncode == 1
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
