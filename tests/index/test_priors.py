"""What is known of a record besides the search moves it a little, and never past what fits."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.document import Document
from index.engine import Engine
from index.fuse import EVIDENCE, USEFULNESS, with_priors
from index.query import Query
from index.search import found_ids
from tests.index.conftest import doc

Build = Callable[[Sequence[Document]], Engine]

_share = st.floats(-5, 5, width=32)


@given(st.floats(0, 1, width=32), _share, _share, st.floats(0, 1, width=32), _share, _share)
def test_no_prior_lifts_a_record_past_one_that_fits_clearly_better(
    score: float, evidence: float, useful: float, other: float, less: float, liked: float
) -> None:
    moved = with_priors(
        np.array([score, other], np.float32),
        np.array([evidence, less], np.float32),
        np.array([useful, liked], np.float32),
    )
    most = EVIDENCE + USEFULNESS
    if score * (1 - most) > other * (1 + most) + 1e-6:
        assert moved[0] > moved[1]


def twins(**changes: object) -> list[Document]:
    return [
        doc("a-thin", "Gates in one town", "Gates closed."),
        doc("b-full", "Gates in two towns", "Gates closed.", **changes),
        doc("bikes", "Bikes", "Off-road bikes.", evidence=1.0),
    ]


def test_of_equals_the_fuller_account_comes_first(index_of: Build) -> None:
    query = Query(text="gates closed", mode="keyword")
    assert found_ids(query, engine=index_of(twins(evidence=0.9)))[0] == "b-full"


def test_of_equals_the_more_useful_comes_first_and_off_the_subject_stays_away(
    index_of: Build,
) -> None:
    engine = index_of(twins())
    engine.verdicts = lambda: {"b-full": 1.0, "bikes": 1.0, "gone": 1.0}
    query = Query(text="gates closed", mode="keyword")
    assert found_ids(query, engine=engine) == ["b-full", "a-thin"]
    assert found_ids(Query(text="gates in one town", mode="keyword"), engine=engine)[0] == "a-thin"


@pytest.mark.parametrize("sort", ["newest", "oldest", "title"])
def test_other_orders_know_no_priors(index_of: Build, sort: str) -> None:
    engine = index_of(twins())
    before = found_ids(Query(text="gates", mode="keyword", sort=sort), engine=engine)  # type: ignore[arg-type]
    engine.verdicts = lambda: {"b-full": -1.0, "a-thin": 1.0}
    engine._useful = (0.0, None, np.empty(0, np.float32))
    after = found_ids(Query(text="gates", mode="keyword", sort=sort), engine=engine)  # type: ignore[arg-type]
    assert before == after
