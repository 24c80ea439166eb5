"""A problem like mine: what it finds and suggests, and that text is kept only on request."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from kb.database import engine_for
from kb.settings import settings
from tests.web.conftest import SECRET
from tests.web.people import form_of, send, send_again, soup

ADDRESS = "/problem-like-mine"
MINE = (
    "Burglars come through the back alleys of our terraced streets at night. Most homes were "
    "entered from the rear and people of the tremulous quincunx estate are afraid."
)


def ask(client: TestClient, text: str = MINE) -> object:
    return send(client, ADDRESS, {"text": text}, action=ADDRESS)


def test_it_finds_problems_like_it_and_suggests_terms(client: TestClient) -> None:
    page = soup(ask(client))
    assert any("Alley gates" in hit.text for hit in page.select("main li.sp-hit h3"))
    ticked = [box["value"] for box in page.select("input[name=problem][checked]")]
    assert "burglary-dwelling" in ticked or "burglary" in ticked
    assert "because of" in page.find("main").text


def test_terms_can_be_corrected(client: TestClient) -> None:
    answer = ask(client)
    again = soup(send_again(client, answer, {"problem": ["arson", "no-such"]}, action=ADDRESS))
    boxes = {box["value"]: box.has_attr("checked") for box in again.select("input[name=problem]")}
    assert boxes["arson"]
    assert not boxes.get("burglary-dwelling", False)
    assert "no-such" not in boxes
    others = {one["value"] for one in again.select("select[name=problem] option")}
    assert "graffiti" in others, "a problem that was not suggested can be chosen"
    assert "arson" not in others


def test_the_text_is_kept_only_in_a_trail(client: TestClient, site: Path) -> None:
    answer = ask(client)
    assert "quincunx" not in str(answer.url)
    assert not _held(site, "quincunx")
    kept = send_again(client, answer, {"then": "keep"}, action=ADDRESS)
    assert kept.url.path.endswith("/clarify")
    form = form_of(kept, action=kept.url.path)
    assert "quincunx" in form.find("textarea", {"name": "problem"}).text
    # Again, now with the trail open: into the same trail.
    more = send_again(client, ask(client, f"{MINE} Cats too."), {"then": "keep"}, action=ADDRESS)
    assert more.url.path == kept.url.path


def test_what_a_trail_cannot_hold_of_a_text_is_told(client: TestClient) -> None:
    answer = ask(client, f"{MINE} " * 40)
    kept = send_again(client, answer, {"then": "keep"}, action=ADDRESS)
    assert "The first 5,000 characters of your description are in your trail." in kept.text


def _held(home: Path, word: str) -> bool:
    engine_for(settings().store_url).dispose()
    files = [path for path in home.rglob("*") if path.is_file()]
    return any(word.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize("text", ["", "  \n ", "two words", "\x00 \x00"])
def test_too_little_text_is_told(client: TestClient, text: str) -> None:
    page = client.get(ADDRESS)
    answer = send_again(client, page, {"text": text}, action=ADDRESS)
    assert answer.status_code == 400
    assert "Say in a few sentences" in answer.text


@pytest.mark.parametrize(
    "text", ['"(AND OR [ IN ' * 40, "\u202e\U0001f600 \x00 x y z " * 20, "<script> x y " * 9]
)
def test_hostile_text_is_answered(client: TestClient, text: str) -> None:
    answer = ask(client, text)
    assert answer.status_code == 200
    assert "<script> " not in answer.text


def test_a_whole_book_is_cut_and_told(client: TestClient) -> None:
    page = soup(ask(client, "alley gates and burglars " * 800))
    assert "it was compared up to “… alley gates and burglars" in page.find("main").text
    assert page.find(id="like").text == "Problems like yours"
    box = page.find("textarea", {"name": "text"})
    assert not box.has_attr("maxlength"), "a browser would cut what is pasted without a word"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x" * 40_000, "There is no word in this to compare."),
        ("x " * 40_000, "This has only one word, too little to compare."),
        ("dogs and dogs " * 50, "This has only 2 different words, too little to compare."),
    ],
)
def test_spam_is_told_what_is_wrong_with_it(client: TestClient, text: str, said: str) -> None:
    answer = ask(client, text)
    assert answer.status_code == 400
    assert f"{said} Say in a few sentences" in answer.text
    assert "Problems like yours" not in answer.text


def test_what_is_like_nothing_is_not_called_like_yours(client: TestClient) -> None:
    page = soup(ask(client, "asdfq qwerz zxcvb hjklo " * 9))
    assert page.find(id="like").text == "Nothing like it is held"
    assert not page.select("main li.sp-hit")


def test_hidden_records_are_not_like_anything(client: TestClient) -> None:
    page = soup(ask(client, f"{SECRET} {SECRET} {SECRET} alley gates"))
    assert SECRET not in " ".join(hit.text for hit in page.select("main li.sp-hit"))
