"""Looking through award entries, trends, and what happened since."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from tests.factories import practice
from tests.web.conftest import SECRET, save

Page = Callable[..., BeautifulSoup]


def words(soup: BeautifulSoup) -> str:
    main = soup.find("main")
    assert main
    return " ".join(main.text.split())


@pytest.fixture
def winner(site: Path) -> str:
    """A winner that somebody else used, and that another record repeats."""
    save(
        practice(
            id="gates-repeated", title="Gates in Oban", replicates=["gates-won"], references=[]
        ),
        door="form",
    )
    return save(
        practice(
            id="gates-won",
            title="Gates that won",
            awards=[{"scheme": "tilley", "year": 2003, "level": "winner", "category": "Burglary"}],
            place={"name": "Hull", "region": "Yorkshire", "country": "gb-eng"},
            status_now="running",
            adoptions=[
                {"who": "Oban Council", "direction": "better", "record": "gates-repeated"},
                {"who": "Elsewhere", "direction": "no-change", "record": "hidden-draft"},
            ],
        )
    )


def test_entries_are_narrowed_by_problem_place_and_level(winner: str, page: Page) -> None:
    some = ("problem=burglary", "region=Yorkshire", "country=gb-eng", "level=winner")
    for asked in (*some, "year=2003", "category=Burglary"):
        found = words(page(f"/awards/tilley?{asked}"))
        assert "1 entry fits" in found, asked
        assert "Gates that won" in found, asked
    assert "0 entries fit" in words(page("/awards/tilley?level=winner&region=Wales"))
    assert "0 entries fit" in words(page("/awards/tilley?year=2004"))
    assert "0 entries fit" in words(page("/awards/tilley?problem=%3Cnonsense&country=zz"))
    everywhere = page("/awards?problem=burglary")
    assert "Gates that won" in words(everywhere)
    assert "Paper boats on the canal" in words(everywhere), "a term suggested surely counts"
    assert SECRET not in everywhere.text


def test_trends_count_entries_and_winners(winner: str, page: Page) -> None:
    shelf = page("/awards/tilley")
    rows = {
        tuple(cell.text.strip() for cell in row.find_all(["th", "td"]))
        for row in shelf.find("caption", id="by-year").find_parent("table").find_all("tr")
    }
    assert ("2003", "1", "1") in rows
    assert shelf.find("a", href="/awards/tilley?year=2003", string="2003")
    assert not [row for row in rows if row[0] == "2007"], "hidden entries are not counted"


def test_what_happened_since(winner: str, page: Page) -> None:
    told = page(f"/records/{winner}/since")
    assert "Oban Council: better" in words(told)
    assert "says that it repeats this" in words(told)
    assert not told.find("a", href="/records/hidden-draft")
    assert told.find("a", href="/records/gates-repeated")
    assert page("/awards/tilley/2003").find("a", href=f"/records/{winner}/since")
    page("/records/hidden-draft/since", 404)
