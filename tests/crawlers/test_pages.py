"""Every source against its example pages: what is found must be what is expected."""

import json
import shutil
from pathlib import Path

import pytest

from crawlers import new
from crawlers.source import Source, known_sources

NOT_PAGES = (".md", new.EXPECTED)


def example_pages(source_id: str) -> list[Path]:
    folder = known_sources()[source_id].examples or source_id
    return sorted(
        path for path in new.examples_folder(folder).glob("*") if not path.name.endswith(NOT_PAGES)
    )


def check_example(source: Source, page: Path) -> None:
    """Compare findings with the expected file; one that is missing is written, to be reviewed."""
    if not new.expected_path(source, page).exists():
        written = new.write_expected(source, page)
        pytest.fail(f"{written} was missing and is written now: review and commit it")
    expected = json.loads(new.expected_path(source, page).read_text("utf-8"))
    assert new.found_on_example(source, page) == expected


@pytest.mark.parametrize(
    ("source_id", "page"),
    [
        pytest.param(source_id, page, id=f"{source_id}/{page.name}")
        for source_id in known_sources()
        for page in example_pages(source_id)
    ],
)
def test_a_source_finds_what_is_expected(source_id: str, page: Path) -> None:
    check_example(known_sources()[source_id](), page)


@pytest.mark.parametrize("source_id", known_sources())
def test_every_source_has_a_typical_and_an_awkward_page(source_id: str) -> None:
    assert len(example_pages(source_id)) >= 2


def test_a_missing_expected_file_is_written_and_fails_once(tmp_path: Path) -> None:
    source_id = "pop-datasets"
    page = tmp_path / "typical.json"
    shutil.copy(new.examples_folder(source_id) / "typical.json", page)
    source = known_sources()[source_id]()
    with pytest.raises(pytest.fail.Exception, match="review and commit"):
        check_example(source, page)
    check_example(source, page)
