"""Sources that only a directory entry declares."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawlers.declared import _declared_in
from crawlers.errors import LayoutChanged
from crawlers.page import Page, archived
from crawlers.source import Broken, Source
from kb.errors import InputInvalid
from kb.records import PracticeIn

ENTRY: dict[str, Any] = {
    "id": "made-up",
    "title": "Made up",
    "owner": "Nobody",
    "country": "GB",
    "licence": "all-rights",
    "url_now": "https://example.org/",
    "adapter": {
        "kind": "live",
        "items": "article",
        "fields": {"title": "h2 a", "published_on": "time@datetime", "website": "a.more@href"},
        "next": "a.next",
        "record": {"record_type": "guide", "aspects": ["how"]},
        "fewest": 1,
        "most": 9,
    },
}


def declared(tmp_path: Path, **adapter: object) -> Source:
    entry = {**ENTRY, "adapter": {**ENTRY["adapter"], **adapter}}
    (tmp_path / "made-up.yaml").write_text(yaml.safe_dump(entry, sort_keys=False))
    (tmp_path / "other.yaml").write_text("id: other\ntitle: Other\n")
    _declared_in.cache_clear()
    found = _declared_in(tmp_path)
    assert list(found) == ["made-up"]
    return found["made-up"]()


def page(markup: str, url: str = "https://example.org/list") -> Page:
    return Page(url, markup.encode(), "text/html; charset=utf-8", datetime(2026, 1, 1, tzinfo=UTC))


def test_selectors_find_items_their_fields_and_the_next_page(tmp_path: Path) -> None:
    source = declared(tmp_path)
    listing = page(
        "<article><h2><a href='/1'>Lighting a park</a></h2><time datetime='2020-05'></time>"
        "<a class='more' href='more'>m</a></article><article><h2>none</h2></article>"
        "<a class='next' href='?page=2'>n</a>"
    )
    first, second = source.records(listing)
    assert isinstance(first, PracticeIn)
    assert (first.title, first.published_on, first.record_type) == (
        "Lighting a park",
        "2020-05",
        "guide",
    )
    assert first.website == "https://example.org/more"
    assert first.provenance[0].original_url == "https://example.org/1"
    assert isinstance(second, Broken)
    assert list(source.links(listing)) == ["https://example.org/list?page=2"]


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayoutChanged, match="'article' was looked for"):
        list(declared(tmp_path).records(page("<p>nothing</p>")))
    table = declared(tmp_path, items="table", fields={"title": "Name", "published_on": "Year"})
    with pytest.raises(LayoutChanged, match="columns Name, Year"):
        list(table.records(page("<table><tr><th>Name</th></tr></table>")))
    with pytest.raises(LayoutChanged, match="a heading or a title"):
        list(declared(tmp_path, items="page").records(page("<p>text</p>")))


def test_pages_as_leads_pass_over_menus_and_other_matters(tmp_path: Path) -> None:
    source = declared(tmp_path, items="page", kind="archive", prefixes=["http://old.example/"])
    moment = datetime(2009, 6, 1, tzinfo=UTC)

    def found(markup: str) -> list[Any]:
        copy = archived(page(markup), "http://old.example/x", moment, "https://archive.example/x")
        return list(source.records(copy))

    assert found("<h1>Home</h1><p>burglary</p>") == []
    assert found("<h1>Minutes of the finance panel</h1><p>Apologies were received.</p>") == []
    (lead,) = found("<h1>Alley gates against burglary</h1>")
    assert lead.provenance[0].memento_url == "https://archive.example/x"
    assert lead.provenance[0].captured_on == "2009-06-01"
    assert "1 June 2009" in lead.summary
    assert lead.body == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"items": "a[["}, "is not a selector"),
        ({"fields": {"title": "h2 >"}}, "is not a selector"),
        ({"fewest": None}, ""),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    if words:
        with pytest.raises(InputInvalid, match=rf"made-up\.yaml.*{words}"):
            declared(tmp_path, **change)
        return
    entry = {**ENTRY, "adapter": {k: v for k, v in ENTRY["adapter"].items() if k != "fewest"}}
    (tmp_path / "made-up.yaml").write_text(yaml.safe_dump(entry, sort_keys=False))
    _declared_in.cache_clear()
    with pytest.raises(InputInvalid, match="adapter needs 'fewest'"):
        _declared_in(tmp_path)


@pytest.mark.parametrize(
    ("items", "more", "body"),
    [
        (
            "json",
            {"path": "data.rows"},
            '{"data": {"rows": [{"Name": "Lighting a park", "At": "/1", "Year": 2020}, {}]}}',
        ),
        ("csv", {}, "Name,At,Year\nLighting a park,/1,2020\n,/2,2021\n"),
    ],
)
def test_json_and_csv_listings_are_read_by_their_keys(
    tmp_path: Path, items: str, more: dict[str, str], body: str
) -> None:
    fields = {"title": "Name", "link": "At", "published_on": "Year"}
    source = declared(tmp_path, items=items, fields=fields, next=None, **more)
    first, second = source.records(page(body))
    assert isinstance(first, PracticeIn)
    assert (first.title, first.published_on) == ("Lighting a park", "2020")
    assert first.provenance[0].original_url == "https://example.org/1"
    assert isinstance(second, Broken)
    with pytest.raises(LayoutChanged, match="items"):
        list(source.records(page("[]" if items == "json" else "")))
    assert list(source.links(page(body))) == []


def test_a_wrong_pattern_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid, match=r"made-up\.yaml: `follow` is not a pattern"):
        declared(tmp_path, sitemap="robots.txt", follow="(")
