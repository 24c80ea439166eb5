import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from index import sync as keeping
from index.embed import HashEmbedder
from index.engine import Engine
from index.errors import IndexDamaged, IndexLocked, IndexMissing, IndexStale, VectorsMixed
from index.generation import Builder, current_name, open_current
from index.query import Query
from index.search import found_ids, search
from index.thesaurus import Thesaurus
from kb.database import session_scope
from kb.records import service
from kb.settings import PROJECT, settings
from tests.factories import entry, practice

EMBEDDER = HashEmbedder()


@pytest.fixture
def engine(store: Path) -> Engine:
    return Engine(settings().index_dir, lambda: EMBEDDER, lambda: Thesaurus([]))


def save(state: str = "published", **changes: object) -> str:
    with session_scope(write=True) as session:
        content = practice(**changes)
        return service.save(session, content, door="form", actor="test", state=state).id


def keep_up() -> keeping.SyncReport:
    report = keeping.sync(embedder=EMBEDDER)
    assert keeping.check().ok, keeping.check()
    return report


def test_first_sync_builds_and_a_second_does_nothing(engine: Engine) -> None:
    with pytest.raises(IndexMissing, match="kb index rebuild"):
        search(Query(), engine)
    save(id="one")
    assert keep_up() == keeping.SyncReport(added=1, rebuilt=True)
    name = current_name(settings().index_dir)
    assert keep_up() == keeping.SyncReport()
    assert current_name(settings().index_dir) == name
    assert found_ids(Query(text="alley gates"), engine=engine) == ["one"]


def test_an_empty_store_gives_an_empty_index(engine: Engine) -> None:
    keep_up()
    assert search(Query(), engine).total == 0
    assert search(Query(text="burglary"), engine).total == 0


def test_edits_additions_and_removals_are_followed(engine: Engine) -> None:
    save(id="one")
    save(id="two", title="Night buses", summary="Buses ran later.")
    keep_up()
    assert search(Query(), engine).total == 2
    save(id="one", summary="Now about lighting and shrubbery.")
    assert keep_up() == keeping.SyncReport(replaced=1)
    assert found_ids(Query(text="shrubbery", mode="keyword"), engine=engine) == ["one"]
    save(id="three", title="Park wardens", summary="Wardens walked the park.")
    with session_scope(write=True) as session:
        service.set_state(session, "two", "withdrawn", actor="test", reason="asked")
    assert keep_up() == keeping.SyncReport(added=1, removed=1)
    assert sorted(found_ids(Query(), engine=engine)) == ["one", "three"]
    with session_scope(write=True) as session:
        service.set_state(session, "one", "published", actor="test", restricted=True)
    assert keep_up().removed == 1
    assert found_ids(Query(), engine=engine) == ["three"]


@pytest.mark.parametrize("state", ["draft", "submitted", "in-review", "changes-asked", "withdrawn"])
def test_what_is_not_public_is_nowhere_in_the_index(engine: Engine, state: str) -> None:
    save(id="public")
    save(id="hidden", title="Zebra crossing zeal", problem_types=["fireworks"])
    keep_up()
    with session_scope(write=True) as session:
        service.set_state(session, "hidden", state, actor="test", reason="test")
    keep_up()
    for text in ("zebra", "hidden", "zeb*", "problem:fireworks", '"zebra crossing"', ""):
        results = search(Query(text=text), engine)
        assert all(hit.id != "hidden" for hit in results.hits)
        codes = {value.code for facet in results.facets for value in facet.values if value.count}
        assert "fireworks" not in codes
    assert "hidden" not in open_current(settings().index_dir).columns.numbers


def test_archived_and_superseded_records_stay(engine: Engine) -> None:
    save(id="one")
    for state in ("archived", "superseded", "published-unverified"):
        with session_scope(write=True) as session:
            service.set_state(session, "one", state, actor="test", reason="test")
        keep_up()
        assert search(Query(), engine).total == 1


def test_many_small_edits_leave_few_files_and_a_right_index(engine: Engine) -> None:
    for number in range(5):
        save(id=f"r{number}", title=f"Record number {number}")
    keep_up()
    for number in range(25):
        save(id=f"r{number % 5}", summary=f"Edition {number} of the summary.")
        keep_up()
    home = settings().index_dir
    assert len(list((home / "generations").iterdir())) == 2
    assert len(list((home / "generations" / str(current_name(home)) / "keyword").iterdir())) < 120
    found = found_ids(Query(text='"edition 24"', mode="keyword"), engine=engine)
    assert found == ["r4"]
    assert found_ids(Query(text='"edition 19"', mode="keyword"), engine=engine) == []


def test_edits_and_a_rebuild_give_the_same_scores(engine: Engine) -> None:
    def scores() -> list[tuple[str, float]]:
        hits = search(Query(text="lighting of parks", mode="keyword"), engine).hits
        return [(hit.id, hit.score) for hit in hits]

    for number in range(6):
        save(id=f"r{number}", summary=f"Lighting number {number}. {'Parks. ' * number}")
    keep_up()
    for number in range(4):
        save(id=f"r{number}", summary="Now of something else" + " and wardens" * number)
        keep_up()
    found = scores()
    assert len(found) == 2
    keeping.rebuild(embedder=EMBEDDER)
    assert scores() == found


def test_the_keyword_index_is_not_written_afresh_for_every_edit(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "WORN", 0.5)
    for number in range(4):
        save(id=f"r{number}")
    keep_up()
    worn = []
    for number in range(4):
        save(id="r0", summary=f"Edition {number}.")
        keep_up()
        worn.append(open_current(settings().index_dir).manifest.worn)
    assert worn == [1, 2, 0, 1]


def test_an_open_reader_keeps_its_state_until_it_looks_again(engine: Engine) -> None:
    save(id="one")
    keep_up()
    before = engine.generation()
    for number in range(4):
        save(id="one", summary=f"Changed for the {number}th time.")
        keep_up()
    assert before.payloads.of([0])[0]["card"]["summary"].startswith("Residents")
    assert engine.generation().payloads.of([0])[0]["card"]["summary"].startswith("Changed")


def test_unchanged_text_is_not_embedded_again(engine: Engine) -> None:
    class Counting(HashEmbedder):
        made = 0

        def passages(self, texts, progress=None):  # type: ignore[no-untyped-def]
            Counting.made += len(texts)
            return super().passages(texts, progress)

    counting = Counting()
    save(id="one")
    save(id="two", title="Night buses")
    keeping.sync(embedder=counting)
    first = Counting.made
    assert first > 2
    save(id="two", title="Night buses", learning_do="Start small and listen to drivers.")
    keeping.sync(embedder=counting)
    assert Counting.made - first == 1
    keeping.rebuild(embedder=counting)
    assert Counting.made - first == 1
    assert keeping.check().ok


def test_deleting_the_folder_and_syncing_gives_the_same_answers(engine: Engine) -> None:
    for number in range(6):
        save(id=f"r{number}", title=f"Park project {number}", summary=f"Wardens and {number} dogs")
    keep_up()
    before = [found_ids(Query(text=text), engine=engine) for text in ("park wardens", "dogs", "")]
    shutil.rmtree(settings().index_dir)
    keep_up()
    after = [found_ids(Query(text=text), engine=engine) for text in ("park wardens", "dogs", "")]
    assert before == after


def test_a_changed_fingerprint_rebuilds(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(id="one")
    keep_up()
    monkeypatch.setattr("index.fields.STOP_WORDS", ("gates",))
    assert keep_up().rebuilt
    assert keep_up().changed == 0
    seeds = store / "seeds"
    shutil.copytree(settings().seeds_dir, seeds)
    one = keeping.fingerprint(EMBEDDER, seeds)
    (seeds / "thesaurus" / "more.yaml").write_text("entries: []\n")
    assert keeping.fingerprint(EMBEDDER, seeds) != one


def test_another_model_is_refused_by_readers_and_rebuilt_by_sync(engine: Engine) -> None:
    save(id="one")
    keep_up()
    other = HashEmbedder(dimension=32)
    with pytest.raises(VectorsMixed):
        open_current(settings().index_dir).vectors(other)
    engine.embedder = lambda: other
    assert search(Query(text="alley gates"), engine).mode == "keyword"
    assert keeping.sync(embedder=other).rebuilt
    assert search(Query(text="alley gates"), engine).mode == "hybrid"
    assert len(list((settings().index_dir / "vectors").iterdir())) <= 2


def test_one_writer_at_a_time(store: Path) -> None:
    home = settings().index_dir
    with keeping.writing(home):
        code = (
            "import sys\nfrom pathlib import Path\nfrom index.sync import writing\n"
            "from index.errors import IndexLocked\n"
            "try:\n    writing(Path(sys.argv[1]), 0.1).__enter__()\n"
            "except IndexLocked as error:\n    print(error)\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(home)],
            cwd=PROJECT,
            check=True,
            capture_output=True,
            text=True,
        )
    assert "try again" in done.stdout
    assert issubclass(IndexLocked, Exception)


def test_a_failing_build_leaves_the_index_as_it_was(engine: Engine) -> None:
    save(id="one")
    keep_up()
    save(id="two", title="Night buses")

    class Failing(HashEmbedder):
        def passages(self, texts, progress=None):  # type: ignore[no-untyped-def]
            raise RuntimeError("no memory")

    with pytest.raises(RuntimeError):
        keeping.sync(embedder=Failing())
    assert found_ids(Query(), engine=engine) == ["one"]
    assert len(list((settings().index_dir / "generations").iterdir())) == 1
    assert keep_up().added == 1


def test_damage_is_named_by_readers_and_mended_by_sync(engine: Engine) -> None:
    save(id="one")
    keep_up()
    home = settings().index_dir
    folder = home / "generations" / str(current_name(home))
    for name in ("names.json", "columns.npz", "manifest.json", "keyword/meta.json"):
        (folder / name).write_bytes(b"{broken")
        with pytest.raises(IndexDamaged, match="kb index rebuild"):
            open_current(home)
        assert keep_up().rebuilt
        folder = home / "generations" / str(current_name(home))


def test_what_is_shown_of_records_is_found_missing_cut_or_wrong(engine: Engine) -> None:
    save(id="one")
    save(id="two", title="Night buses")
    keep_up()
    home = settings().index_dir
    (file,) = (home / "payloads").iterdir()
    whole = file.read_bytes()
    for broken in (b"", whole[:-2]):
        file.write_bytes(broken)
        with pytest.raises(IndexDamaged, match="kb index rebuild"):
            open_current(home)
    file.unlink()
    with pytest.raises(IndexDamaged, match="kb index rebuild"):
        open_current(home)
    for wrong in (b"x" * len(whole), whole.replace(b'"two"', b'"toe"')):
        file.write_bytes(wrong)
        assert "what is shown of two cannot be read" in keeping.check().problems
    file.write_bytes(b"x" * len(whole))
    with pytest.raises(IndexDamaged, match="kb index rebuild"):
        search(Query(), Engine(home, lambda: EMBEDDER, lambda: Thesaurus([])))
    assert keeping.rebuild(embedder=EMBEDDER).rebuilt
    assert keeping.check().ok


def test_what_a_killed_writer_left_of_records_does_no_harm(engine: Engine) -> None:
    save(id="one")
    keep_up()
    (file,) = (settings().index_dir / "payloads").iterdir()
    with file.open("ab") as half:
        half.write(b'{"id": "tw')
    save(id="two", title="Night buses")
    keep_up()
    assert {hit.id for hit in search(Query(), engine).hits} == {"one", "two"}
    for _ in range(3):
        keeping.rebuild(embedder=EMBEDDER)
    kept = {one.name for one in (settings().index_dir / "payloads").iterdir()}
    generations = {f"{one.name}.jsonl" for one in (settings().index_dir / "generations").iterdir()}
    assert kept == generations
    assert file.name not in kept


def test_readers_refuse_an_index_of_other_facets(engine: Engine) -> None:
    save(id="one")
    keep_up()
    home = settings().index_dir
    note = home / "generations" / str(current_name(home)) / "manifest.json"
    data = json.loads(note.read_text())
    data["layout"]["facets"] = ["problem"]
    note.write_text(json.dumps(data))
    with pytest.raises(IndexStale):
        engine.generation()


def test_check_sees_each_kind_of_difference(engine: Engine) -> None:
    save(id="one")
    save(id="two", title="Night buses")
    keep_up()
    save(id="one", summary="Another summary.")
    save(id="three", title="Park wardens")
    with session_scope(write=True) as session:
        service.set_state(session, "two", "withdrawn", actor="test", reason="asked")
    report = keeping.check()
    assert (report.missing, report.surplus, report.outdated) == (["three"], ["two"], ["one"])
    assert not report.ok


def test_rebuild_leaves_unused_vectors_behind(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(id="one")
    keep_up()
    for number in range(6):
        save(id="one", summary=f"Edition {number}", learning_do=f"Lesson {number}")
        keep_up()
    before = open_current(settings().index_dir).manifest.vector_rows
    monkeypatch.setattr(keeping, "WASTE", 0)
    keeping.rebuild(embedder=EMBEDDER)
    after = open_current(settings().index_dir).manifest
    assert after.vector_rows < before
    assert after.vector_rows == after.passages
    assert keeping.check().ok
    assert search(Query(text="edition"), engine).total == 1


def test_records_of_a_listing_are_found(engine: Engine) -> None:
    with session_scope(write=True) as session:
        service.save(session, entry(), door="harvest", actor="test", state="published-unverified")
    keep_up()
    assert search(Query(text="quiet nights harbour", mode="semantic"), engine).total == 1
    assert search(Query(text="source:pop-datasets"), engine).total == 1
    assert search(Query(filters={"award": ("goldstein",), "year": ("1999",)}), engine).total == 1


# Forks for each line it is told, so that a kill costs no new start of Python.
SYNC = """
import os
import sys
from index.embed import HashEmbedder
from index import sync
sync.CHUNK = 7
for _ in sys.stdin:
    child = os.fork()
    if not child:
        print(os.getpid(), flush=True)
        sync.sync(embedder=HashEmbedder())
        print("done", flush=True)
        os._exit(0)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


def test_killed_at_any_moment_the_index_stays_whole_and_the_next_sync_mends_it(
    engine: Engine,
) -> None:
    chance = random.Random(7)
    for number in range(40):
        save(id=f"r{number}", title=f"Record {number}", summary=f"Summary {number}")
    keep_up()
    killed = 0
    with subprocess.Popen(
        [sys.executable, "-c", SYNC],
        cwd=PROJECT,
        env={**os.environ, "KB_HOME": str(settings().home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        for attempt in range(8):
            for number in chance.sample(range(40), 20):
                words = f"Attempt {attempt} {number}"
                save(id=f"r{number}", title=f"Record {number}", summary=words)
            worker.stdin.write("\n")
            worker.stdin.flush()
            child = int(worker.stdout.readline())
            time.sleep(chance.random() * 0.3)
            with suppress(ProcessLookupError):  # it had finished
                os.kill(child, signal.SIGKILL)
            killed += worker.stdout.readline() == "ended\n" or not worker.stdout.readline()
            # Whatever was in use is whole: every record is found once, in its old or its new form.
            assert search(Query(per_page=100), engine).total == 40
            if attempt % 2:
                keep_up()
        worker.stdin.close()
    keep_up()
    assert killed, "every sync had finished before it was killed"
    assert len(list((settings().index_dir / "generations").iterdir())) <= 2


def test_a_killed_first_build_is_taken_up_again(engine: Engine) -> None:
    save(id="one")
    home = settings().index_dir
    (home / "generations").mkdir(parents=True)
    builder = Builder(home, None, keeping.layout(), EMBEDDER)
    assert (home / "generations" / builder.name).exists()
    assert keep_up().rebuilt
    assert len(list((home / "generations").iterdir())) == 1


def test_status(store: Path) -> None:
    assert keeping.status() == {"exists": False}
    save(id="one")
    keep_up()
    shown = keeping.status()
    assert shown["records"] == 1
    assert shown["exists"]


def test_progress_is_told(store: Path) -> None:
    told: list[int] = []
    save(id="one")
    keeping.sync(embedder=EMBEDDER, progress=told.append)
    save(id="two", title="Night buses")
    keeping.sync(embedder=EMBEDDER, progress=told.append)
    assert told == [1, 1]
