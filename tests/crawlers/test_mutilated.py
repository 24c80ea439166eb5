"""However a page is mutilated, a source answers with findings or with a named error."""

import re
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawlers.errors import CrawlError
from crawlers.files import page_from
from crawlers.page import Page
from crawlers.source import Broken, Doubt, known_sources
from kb.records import PracticeIn
from tests.crawlers.test_pages import example_pages

EXAMPLES = [
    (source_id, path)
    for source_id, source in known_sources().items()
    if source.kind != "file"
    for path in example_pages(source_id)
]
WHEN = datetime(2026, 1, 1, tzinfo=UTC)
PIECES = st.lists(
    st.tuples(st.integers(0, 200), st.sampled_from(["cut", "drop", "twice", "swap"])), max_size=6
)


def mutilated(body: str, blows: list[tuple[int, str]], noise: str) -> str:
    """A page with tags and texts cut off, left out, doubled and put elsewhere."""
    parts = re.split(r"(<[^>]*>)", body)
    for number, blow in blows:
        at = number % len(parts)
        if blow == "cut":
            parts = parts[: at + 1]
        elif blow == "drop":
            parts[at] = ""
        elif blow == "twice":
            parts.insert(at, parts[at])
        else:
            parts[at], parts[-at - 1] = parts[-at - 1], parts[at]
    parts.insert(len(parts) // 2, noise)
    return "".join(parts)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(example=st.sampled_from(EXAMPLES), blows=PIECES, noise=st.text(max_size=40))
def test_only_named_errors(
    example: tuple[str, Path], blows: list[tuple[int, str]], noise: str
) -> None:
    source_id, path = example
    source = known_sources()[source_id]()
    whole = page_from(path, source.home, read_at=WHEN)
    body = mutilated(whole.text, blows, noise).encode("utf-8", "replace")
    page = Page(whole.url, body, whole.content_type, WHEN, headers=whole.headers)
    try:
        found = list(source.records(page))
        links = list(source.links(page))
    except CrawlError:
        return
    assert all(isinstance(item, (PracticeIn, Broken, Doubt)) for item in found)
    assert all(item.title for item in found if isinstance(item, PracticeIn))
    assert all(isinstance(link, str) for link in links)


def test_a_page_of_something_else_is_never_taken_for_one_of_the_site() -> None:
    other = (
        b"<html><head><title>503</title></head><body><p>Please try again later.</p></body></html>"
    )
    for source_id, source in known_sources().items():
        if source.kind == "file":
            continue
        page = Page(source.home, other, "text/html", WHEN)
        try:
            assert list(source().records(page)) == [], source_id
        except CrawlError:
            continue
