"""The Department of Justice catalogue: yearly series are grouped, and nothing is left out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers.files import pages_from
from crawlers.source import source_named
from crawlers.sources.doj_data import series_key
from kb.records import PracticeIn


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Annual Parole Survey, 2008", "Annual Parole Survey, 2011 [United States]"),
        ("Language Report November 2016", "Language Report April 2017"),
        ("Outcomes FY 2005 - FY 2011", "Outcomes FY 2012"),
        ("Punishment in the United States, 1973-1997", "Punishment in the United States 1973-2000"),
        ("Sentences, 2008-09", "Sentences, 2010"),
    ],
)
def test_titles_that_differ_in_time_only_are_one_series(one: str, other: str) -> None:
    assert series_key(one, "Bureau") == series_key(other, "Bureau")


def test_other_studies_and_publishers_are_other_series() -> None:
    keys = {
        series_key("Parole Survey, 2008", "Bureau"),
        series_key("Probation Survey, 2008", "Bureau"),
        series_key("Parole Survey, 2008", "Institute"),
        series_key("Parole Survey: Wave 2, 2008", "Bureau"),
    }
    assert len(keys) == 4


@pytest.mark.data
def test_the_real_records_are_all_there_once(data_dir: Callable[[str], Path]) -> None:
    source = source_named("doj-data")
    found = [
        item
        for page in pages_from(data_dir("doj"), source)
        for item in source.records(page)
        if isinstance(item, PracticeIn)
    ]
    entries = [item for item in found if not item.id]
    series = {item.id: item for item in found if item.id}
    assert len(entries) == 639
    assert len({item.provenance[0].external_id for item in entries}) == 639
    members = [item for item in entries if item.parent]
    assert {item.parent for item in members} == set(series)
    assert len(series) >= 50
    assert all(item.provenance[0].original_url for item in found)
