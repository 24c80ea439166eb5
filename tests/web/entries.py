"""Entries of tests: begun, filled in and sent as a person would, page by page."""

from typing import Any

from starlette.testclient import TestClient

from kb.curation.sections import sections
from tests.factories import practice
from tests.web.people import form_of, send, soup

CASE = practice(references=[]).snapshot()


def begin(client: TestClient) -> str:
    """A blank entry; returns its address."""
    answer = send(client, "/contribute", button="Start with a blank form")
    assert answer.status_code == 200
    return str(answer.url.path)


def pairs_of(values: dict[str, Any]) -> dict[str, Any]:
    """Values of a record under the names that the form gives them."""
    pairs: dict[str, Any] = {}
    for name, value in values.items():
        rows = value if isinstance(value, list) else [value]
        if rows and isinstance(rows[0], dict):
            for number, row in enumerate(rows, 1):
                for column, inner in row.items():
                    pairs[f"{name}.{number}.{column}"] = inner
        else:
            pairs[name] = value
    return pairs


def fill_page(client: TestClient, entry: str, page: str, **values: Any) -> Any:
    """Fill in one page of the form and save it."""
    return send(
        client,
        f"{entry}/{page}",
        {**pairs_of(values), "then": "list", "complete": "yes"},
        action=f"{entry}/{page}",
    )


def fill(client: TestClient, entry: str, **changes: Any) -> None:
    """Fill in everything that publishing asks for."""
    told = {**CASE, **changes}
    for one in sections():
        names = [spec.name for spec in one.fields if spec.name in told]
        if names:
            answer = fill_page(client, entry, one.id, **{name: told[name] for name in names})
            assert answer.status_code == 200, soup(answer).find("main").text


def send_in(client: TestClient, entry: str) -> Any:
    """Check the answers and send the entry in."""
    return send(
        client, f"{entry}/check", {"promise": "yes", "then": "send"}, action=f"{entry}/check"
    )


def act(client: TestClient, address: str, button: str) -> Any:
    """Press a button of a page."""
    return send(client, address, button=button)


__all__ = ["act", "begin", "fill", "fill_page", "form_of", "send_in"]
