"""Verdicts, notes, adoptions, comparisons and reading lists, as their pages keep them."""

import io
import zipfile
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from kb.database import session_scope
from kb.trails import adoptions
from tests.web.conftest import the_app
from tests.web.people import person, send, send_again, sign_in, soup
from tests.web.test_trails import main, start

Browser = Callable[[], TestClient]
RECORD = "/records/alley-gates"


@pytest.fixture
def browsers(site: object) -> Browser:
    app = the_app()
    return lambda: TestClient(app, raise_server_exceptions=False)


def judge(client: TestClient, level: str, **more: object) -> object:
    return send(client, f"{RECORD}/useful?useful={level}", more, action=f"{RECORD}/useful")


def test_two_taps_from_the_results(browsers: Browser) -> None:
    person("ann")
    ann = sign_in(browsers())
    results = ann.get("/search?q=alley+gates&problem=burglary-dwelling")
    hit = soup(results).find(id="hit-alley-gates")
    first = ann.get(hit.find("a", string="Key")["href"])
    done = send_again(ann, first, action=f"{RECORD}/useful")
    assert done.url.path == "/search"
    assert "your verdict was kept" in done.text
    hit = soup(done).find(id="hit-alley-gates")
    assert hit.find("a", string="Key")["aria-current"] == "true"
    assert "1 person found this key." in hit.text
    assert "1 person found this key." in main(browsers().get(RECORD))


def test_totals_in_words_count_accounts_only(browsers: Browser) -> None:
    for name in ("ann", "bob"):
        person(name)
        judge(sign_in(browsers(), name), "key", why=["wrong-context"] if name == "bob" else [])
    judge(browsers(), "not-useful")
    told = main(browsers().get(RECORD))
    assert "2 people found this key; setting differed for 1." in told


def test_a_note_is_seen_by_those_it_is_for(browsers: Browser) -> None:
    for name in ("ann", "bob", "eve"):
        person(name)
    ann, bob, eve = (sign_in(browsers(), name) for name in ("ann", "bob", "eve"))
    send(ann, "/account/teams", {"name": "Marsh"}, action="/account/teams")
    send(ann, "/account/teams", {"email": "bob@example.org"}, button="Invite")
    send(eve, "/account/teams", {"name": "Other"}, action="/account/teams")
    said = {"me": "for myself", "team": "for the team", "all": "for all <b>"}
    seers = {"me": [ann], "team": [ann], "all": [ann, bob, eve]}
    for visibility, note in said.items():
        judge(ann, "useful", note=note, visibility=visibility)
        for client in (ann, bob, eve, browsers()):
            seen = note in main(client.get(RECORD))
            assert seen == (client in seers[visibility] or visibility == "all"), visibility
    send(bob, "/account/teams", button="Join")
    judge(ann, "useful", note="for the team", visibility="team")
    assert "for the team" in main(bob.get(RECORD))
    assert "for the team" not in main(eve.get(RECORD))


def test_taking_back(browsers: Browser) -> None:
    person("ann")
    ann = sign_in(browsers())
    judge(ann, "key")
    send(ann, f"{RECORD}/useful", button="Take my verdict back")
    assert "found this key" not in main(ann.get(RECORD))


def test_a_level_must_be_chosen(client: TestClient) -> None:
    answer = send(client, f"{RECORD}/useful", {"note": "kept"}, action=f"{RECORD}/useful")
    assert answer.status_code == 400
    assert soup(answer).find(id="note").text == "kept"


@pytest.mark.parametrize("step", ["useful", "tried"])
def test_hidden_records_cannot_be_judged(browsers: Browser, step: str) -> None:
    person("ann")
    ann = sign_in(browsers())
    for name in ("hidden-draft", "restricted", "hidden-withdrawn"):
        assert ann.get(f"/records/{name}/{step}").status_code == 404


def test_we_tried_it_too(browsers: Browser) -> None:
    librarian = person("lib", "librarian")
    person("ann")
    assert browsers().get(f"{RECORD}/tried").url.path == "/account/sign-in"
    ann = sign_in(browsers())
    missing = send(ann, f"{RECORD}/tried", {"who": "Hill Council"}, button="Send it in")
    assert missing.status_code == 400
    sent = send_again(
        ann,
        missing,
        {"where": "Hill Street", "started": "2025", "adapted": "Lighter gates"},
        button="Send it in",
    )
    assert "A librarian will look at it" in sent.text
    assert "Hill Council" not in main(ann.get(RECORD))
    with session_scope(write=True) as session:
        adoptions.accept(session, adoptions.waiting(session)[0].id, librarian)
    told = main(browsers().get(RECORD))
    assert "Where it was tried" in told
    assert "Hill Council, Hill Street, from 2025" in told
    assert "Lighter gates" in told


def test_compare(client: TestClient) -> None:
    results = soup(client.get("/search?q=alley+gates"))
    boxes = results.find_all("input", form="pick")
    assert len(boxes) > 1
    assert all(box["name"] == "id" for box in boxes)
    page = client.get("/compare?id=alley-gates&id=scared-straight-programmes-usa")
    table = soup(page).find("table")
    heads = [head.text for head in table.find_all("th", scope="row")]
    assert any("differs" in head for head in heads)
    assert "Not reported" in table.text
    assert "Burglary of homes" in table.text
    same = soup(client.get("/compare?id=alley-gates&id=alley-gates-again")).find("table")
    assert "(the same)" in same.text


def test_compare_with_too_few_too_many_or_hidden(client: TestClient) -> None:
    assert "Tick two to four records" in main(client.get("/compare"))
    one = soup(client.get("/compare?id=alley-gates"))
    assert one.find("input", value="alley-gates-again", attrs={"type": "checkbox"})
    hidden = client.get("/compare?id=alley-gates&id=hidden-draft&id=restricted")
    assert "2 records asked for cannot be shown." in main(hidden)
    assert "Zanzibarquokka" not in hidden.text


def test_a_comparison_is_kept_in_the_trail_and_reported(client: TestClient) -> None:
    trail = start(client)
    address = "/compare?id=alley-gates&id=alley-gates-again"
    kept = send(client, address, {"note": "Both used gates."}, action="/compare")
    assert "The comparison was kept" in kept.text
    assert "Both used gates." in main(client.get(f"{trail}/results"))
    assert "Both used gates." in main(client.get(f"{trail}/report"))


def test_reading_list(browsers: Browser) -> None:
    person("ann")
    ann, other = sign_in(browsers()), browsers()
    added = send(
        ann,
        "/lists/add?id=alley-gates&id=alley-gates-again&id=hidden-draft",
        {"name": "For the panel"},
        action="/lists/add",
    )
    assert added.url.path.startswith("/lists/")
    path = added.url.path
    assert "Zanzibarquokka" not in added.text
    noted = send(ann, path, {"note": "Ask about keys"}, action=f"{path}/note")
    assert "Ask about keys" in noted.text
    word = ann.get(f"{path}/list.docx")
    with zipfile.ZipFile(io.BytesIO(word.content)) as archive:
        assert b"Ask about keys" in archive.read("word/document.xml")
    assert "Ask about keys" in ann.get(f"{path}/list.md").text
    for extension, sign in (("ris", "TY  -"), ("bib", "@"), ("csl.json", '"title"')):
        assert sign in ann.get(f"{path}/list.{extension}").text
    assert other.get(path).status_code == 404
    assert other.get(f"{path}/list.ris").status_code == 404
    made = send(ann, f"{path}/share", button="Make a link")
    seen = other.get(soup(made).find("code").text)
    assert seen.url.path == path
    assert "Ask about keys" in main(seen)
    assert other.get(f"{path}/list.md").status_code == 200
    send(ann, path, action=f"{path}/remove")
    assert "1 record ·" in main(ann.get(path))
    send(ann, f"{path}/name", {"name": "Renamed"})
    assert "Renamed" in main(ann.get("/lists"))
    send(ann, f"{path}/delete")
    assert ann.get(path).status_code == 404


def test_a_visitors_list_comes_along_at_sign_in(browsers: Browser) -> None:
    person("ann")
    client = browsers()
    added = send(client, "/lists/add?id=alley-gates", {"name": "Mine"}, action="/lists/add")
    sign_in(client)
    assert client.get(added.url.path).status_code == 200
    for path in ("/lists", "/lists/add?id=alley-gates"):
        long = send(client, path, {"name": "x" * 300}, action=path.partition("?")[0])
        assert long.status_code == 400
        assert "Use at most 200 characters" in soup(long).find(id="name-error").text
        assert soup(long).find(class_="govuk-error-summary").find("a", href="#name")
        assert soup(long).find(id="name")["value"] == "x" * 300
    assert client.get("/lists/add").status_code == 400
    newer = send(client, "/lists/add?id=alley-gates", {"name": "Newer"}, action="/lists/add")
    assert soup(newer).find("h1").text == "Newer", "a name typed is not lost to the list chosen"
