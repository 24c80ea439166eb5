"""What listings for machines hold: rows of CSV, objects of JSON, data sets of a DCAT catalogue."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from crawlers.errors import DiscoveryFailed, PageUnreadable
from crawlers.page import Page

_CSV_FIELD = 1_000_000


def csv_rows(page: Page) -> list[dict[str, str]]:
    """Rows of a CSV page by the names of its columns, in small letters. Raises DiscoveryFailed."""
    csv.field_size_limit(_CSV_FIELD)
    text = page.text.removeprefix("\ufeff").replace("\0", "")
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    try:
        rows = csv.DictReader(io.StringIO(text), dialect=dialect, strict=False)
        return [
            {
                str(name).strip().lower(): (value or "").strip()
                for name, value in row.items()
                if name is not None and not isinstance(value, list)
            }
            for row in rows
        ]
    except csv.Error as error:
        raise DiscoveryFailed(page.url, f"it is not a proper CSV file ({error})") from None


def json_items(page: Page, path: str = "") -> list[dict[str, Any]]:
    """The objects of a JSON listing: the list at a path such as `data.items`, or JSON lines.

    Raises DiscoveryFailed when there is no such list.
    """
    try:
        data: Any = page.json
    except PageUnreadable as error:
        data = _json_lines(page)
        if data is None:
            raise DiscoveryFailed(page.url, str(error)) from None
    for name in filter(None, path.split(".")):
        data = data.get(name) if isinstance(data, Mapping) else None
    if isinstance(data, Mapping):
        data = [data] if not path else None
    if not isinstance(data, list):
        raise DiscoveryFailed(page.url, f"it holds no list at '{path}'")
    return [item for item in data if isinstance(item, dict)]


def _json_lines(page: Page) -> list[Any] | None:
    try:
        return [json.loads(line) for line in page.text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def catalogue(page: Page) -> list[dict[str, Any]]:
    """The data sets of a `data.json` catalogue in the DCAT form, or of its records one a line.

    Raises DiscoveryFailed when it holds none.
    """
    items = json_items(page)
    if len(items) == 1 and isinstance(items[0].get("dataset"), list):
        items = [item for item in items[0]["dataset"] if isinstance(item, dict)]
    found = [item for item in items if item.get("title")]
    if not found:
        raise DiscoveryFailed(page.url, "it holds no data sets with titles")
    return found
