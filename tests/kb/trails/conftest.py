"""A store with records that trails can name."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import Session

from kb.database import session_scope
from tests.kb.trails.viewers import save_record


@pytest.fixture
def session(store: Path) -> Iterator[Session]:
    """A session on a store with three public records and one draft."""
    with session_scope(write=True) as opened:
        for record_id, title in (
            ("gates", "Alley gates in Marsh Lane"),
            ("lamps", "Street lamps in Harbour Road"),
            ("wardens", "Wardens in the Northfield flats"),
        ):
            save_record(opened, record_id, title)
        save_record(opened, "hidden", "Not to be seen", state="draft")
        yield opened
