"""One record the whole way: a file, the store, the index, the page and the API."""

from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import yaml
from starlette.testclient import TestClient

from tests.factories import practice
from tests.web.conftest import the_app

Run = Callable[..., CompletedProcess[str]]


def _written(path: Path, **changes: object) -> str:
    path.write_text(yaml.safe_dump(practice(id="marsh-lane", **changes).snapshot()), "utf-8")
    return str(path)


def test_from_file_to_page(store: Path, run_kb: Run, tmp_path: Path) -> None:
    file = tmp_path / "marsh-lane.yaml"
    added = run_kb("add", _written(file))
    assert added.returncode == 0, added.stderr
    found = run_kb("search", "alley gates", "--json")
    assert "marsh-lane" in found.stdout
    with TestClient(the_app()) as client:
        assert "Alley gates against burglary" in client.get("/search?q=alley+gates").text
        assert client.get("/records/marsh-lane").status_code == 200
        told = client.get("/api/v1/records/marsh-lane").json()
        assert told["content"]["mechanism"] == "It works by taking away the hidden way in."
        # An edit is seen by the running site, words and all.
        assert run_kb("add", _written(file, fails_if="Wombats dig under it.")).returncode == 0
        assert "Wombats dig under it." in client.get("/records/marsh-lane").text
        assert client.get("/api/v1/search?q=wombats&exact=1").json()["total"] == 1
        # What the site exports can be added again, and changes nothing.
        export = tmp_path / "again.yaml"
        export.write_bytes(client.get("/records/marsh-lane.yaml").content)
        again = run_kb("import", str(export))
        assert again.returncode == 0, again.stderr
        assert client.get("/api/v1/records/marsh-lane").json()["version"] == 2
