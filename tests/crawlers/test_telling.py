"""Whether a text tells of a practice at all."""

import pytest

from tests.crawlers.documents import extracted

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(
    "text",
    [
        "asdf asdf qwerty lorem 12345 !!!! zzzz",
        "Please enable JavaScript to view this page. Loading...",
        "Sign in\n\nEmail address\n\nPassword\n\nForgot your password?",
        "Victoria sponge\n\nBeat 200g butter and 200g sugar. Add four eggs, then fold in flour.",
    ],
)
def test_other_texts_tell_nothing(text: str) -> None:
    assert extracted(text).tells_nothing


@pytest.mark.parametrize(
    "text",
    [
        "We gave out bike locks to students to stop bike theft on campus.",
        "Youth club opened on Friday nights. Fewer complaints of kids hanging about the shops.",
        "Wardens in Leeds parks cut drinking in the street by half in 2019.",
    ],
)
def test_one_line_of_a_practice_tells_something(text: str) -> None:
    assert not extracted(text).tells_nothing
