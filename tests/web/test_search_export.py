"""What a search found as a file: the right records, one's own notes alone, and no formula."""

import csv
import io

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from tests.web.conftest import SECRET
from tests.web.people import person, send, sign_in


def rows(client: TestClient, query: str) -> list[dict[str, str]]:
    answer = client.get(f"/search/found.csv?{query}")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_records_found_and_only_ones_own_notes(client: TestClient) -> None:
    person("ann")
    person("bob")
    sign_in(client, "ann")
    send(
        client, "/records/alley-gates/useful?useful=key",
        {"useful": "key", "note": "=HYPERLINK(1)", "visibility": "me"},
        action="/records/alley-gates/useful",
    )  # fmt: skip
    mine = {row["id"]: row for row in rows(client, "q=alley+gates")}
    assert mine["alley-gates"]["my_note"].endswith("=HYPERLINK(1)")
    assert mine["alley-gates-again"]["my_note"] == ""
    book = load_workbook(io.BytesIO(client.get("/search/found.xlsx?q=alley+gates").content))
    cells = [cell for row in book.active for cell in row if cell.value]
    assert all(cell.data_type in ("s", "n") for cell in cells)
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    client.cookies.clear()
    assert "my_note" not in rows(client, "q=alley+gates")[0]
    sign_in(client, "bob")
    assert "HYPERLINK" not in client.get("/search/found.csv?q=alley+gates").text


@pytest.mark.parametrize("extension", ["csv", "json", "ris", "bib", "md"])
def test_hidden_records_never_go_out(client: TestClient, extension: str) -> None:
    answer = client.get(f"/search/found.{extension}?q={SECRET}+alley+gates")
    assert answer.status_code == 200
    assert SECRET not in answer.text
    assert client.get("/search/found.exe?q=x").status_code == 404
    assert f"found.{extension}" in client.get("/search?q=alley").text or extension == "md"
