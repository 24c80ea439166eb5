"""The pages of a list: which one is asked for, and links to them as the macro takes them."""

from typing import Any

from index.query import Query
from web import urls
from web.forms import row_number

_AROUND = 1  # pages shown on each side of the current one


def page_of(text: str, total: int, per_page: int) -> tuple[int, int]:
    """The page that an address asks for, and the last one; the nearest when there is no such."""
    last = max(1, -(-total // per_page))
    return min(max(row_number(text), 1), last), last


def page_numbers(current: int, last: int) -> list[int | None]:
    """Numbers to show, with None for a gap: 1 … 4 5 6 … 20."""
    near = range(current - _AROUND, current + _AROUND + 1)
    wanted = sorted({1, last, *(n for n in near if 1 <= n <= last)})
    shown: list[int | None] = []
    for number in wanted:
        before = shown[-1] if shown else None
        if before is not None and number - before == 2:
            shown.append(number - 1)
        elif before is not None and number - before > 2:
            shown.append(None)
        shown.append(number)
    return shown


def pages(query: Query, last: int) -> dict[str, Any]:
    """Parameters of the macro; empty when there is only one page."""
    if last < 2:
        return {}
    current = min(query.page, last)
    made: dict[str, Any] = {
        "landmarkLabel": "Pages of results",
        "items": [
            {"ellipsis": True}
            if number is None
            else {
                "number": number,
                "href": urls.search_page(query, number),
                "current": number == current,
            }
            for number in page_numbers(current, last)
        ],
    }
    if current > 1:
        made["previous"] = {"href": urls.search_page(query, current - 1)}
    if current < last:
        made["next"] = {"href": urls.search_page(query, current + 1)}
    return made
