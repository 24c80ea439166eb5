"""How long a page of results takes to come from the site itself, over HTTP."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx

from index.document import Document
from index.embed import default_embedder
from index.evaluate import build
from kb.database import session_scope
from kb.records.models import Record
from kb.settings import settings
from tests.benchmarks.measure import Row, clocks, shares
from tests.benchmarks.real import KeptVectors, collection, recombined, tagged
from tests.conftest import at_home

KB = str(Path(sys.executable).parent / "kb")


def served(records: int) -> Row:
    """Pages of `kb serve` on so many recombined records: asked one after the other by one visitor.

    The records stand whole in its index, from which a page of results is made; of the store, which
    only says what may be shown, they have a bare row.
    """
    judged = collection()
    kept = KeptVectors(default_embedder(), judged.documents)
    kept.prepare()
    short = [" ".join(text.split()[:4]) for text in judged.queries.values()]
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        env = {**os.environ, "KB_HOME": place, "KB_SEARCHES_PER_MINUTE": "0"}
        if (models := settings().home / "models").exists():  # so that none is exported again
            shutil.copytree(models, home / "models")
        subprocess.run([KB, "migrate"], env=env, check=True, capture_output=True)
        made = list(recombined(judged.documents, records, tagged()))
        build(home / "index", made, kept)
        with at_home(home), session_scope(write=True) as session:
            session.add_all(_bare(one) for one in made)
        with _site(env) as address, httpx.Client(base_url=address, timeout=120) as client:
            return {mode: _pages(client, mode, short) for mode in ("keyword", "hybrid")}


def _bare(document: Document) -> Record:
    return Record(
        id=document.id,
        version=1,
        state="published",
        record_type="evaluated-intervention",
        title=document.title,
        door="import",
        content={"id": document.id, "title": document.title},
        stamp=document.stamp,
        completeness=0,
        created_at=datetime.now(UTC),
        updated_at=datetime.now(UTC),
        created_by="bench",
    )


def _pages(client: httpx.Client, mode: str, texts: Sequence[str]) -> Row:
    found = []

    def ask(text: str) -> None:
        answer = client.get("/search", params={"q": text, "mode": mode})
        answer.raise_for_status()
        found.append('class="sp-hit"' in answer.text)

    for text in texts:  # until the site has made ready what it makes beside its first answers
        ask(f"{text} again")
    row = shares([clocks(lambda: ask(text)) for text in texts])  # noqa: B023
    if sum(found) < len(texts) / 2:
        raise RuntimeError("the site found next to nothing")
    del row["cpu_ms"]  # of this process, which only waits
    return row


@contextmanager
def _site(env: dict[str, str]) -> Iterator[str]:
    site = subprocess.Popen(
        [KB, "serve", "--port", "0", "--no-worker"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert site.stdout
        for line in site.stdout:
            if found := re.search(r"http://[\d.]+:\d+", line):
                yield found[0]
                return
        raise RuntimeError("the site did not start")
    finally:
        site.terminate()
        site.communicate(timeout=30)
