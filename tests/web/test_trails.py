"""The trail as its pages keep it: the five steps, by itself and by hand."""

import re
from collections.abc import Callable, Iterator

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import the_app
from tests.web.people import form_of, person, post, send, send_again, sign_in, soup

Browser = Callable[[], TestClient]


@pytest.fixture
def browsers(site: object) -> Iterator[Browser]:
    app = the_app()
    return lambda: TestClient(app, raise_server_exceptions=False)


def start(client: TestClient, into: str = "burglary in terraced streets") -> str:
    """Begin a trail; returns its address."""
    answer = send(client, "/trails", {"into": into}, action="/trails")
    assert "Your trail is open" in answer.text
    found = re.fullmatch(r"(/trails/[0-9a-f]{16})/clarify", answer.url.path)
    assert found
    return found[1]


def main(answer: object) -> str:
    return soup(answer).find("main").get_text(" ", strip=True)


def test_a_visitor_needs_no_account(client: TestClient) -> None:
    assert "set-cookie" not in client.get("/search?q=alley").headers
    trail = start(client)
    bar = soup(client.get("/about")).find("section", class_="sp-trail-bar")
    assert "burglary in terraced streets" in bar.text
    client.get("/search?q=alley+gates&problem=burglary-dwelling")
    client.get("/search?q=alley+gates&problem=burglary-dwelling&page=2")
    client.get("/records/alley-gates")
    told = main(client.get(trail))
    assert "alley gates" in told
    assert "1 search here" in told.lower()
    assert "Alley gates against burglary in Marsh Lane" in told


def test_a_paused_trail_notes_nothing(client: TestClient) -> None:
    trail = start(client)
    answer = send(client, "/about", action=f"{trail}/pause")
    assert answer.url.path == "/about"
    assert "The trail is paused" in answer.text
    client.get("/search?q=alley")
    client.get("/records/alley-gates")
    assert "Searches in this collection" not in main(client.get(trail))
    send(client, "/about", action=f"{trail}/resume")
    client.get("/search?q=alley")
    assert "Searches in this collection" in main(client.get(trail))


def test_what_a_browser_fetches_ahead_is_not_noted(client: TestClient) -> None:
    trail = start(client)
    client.get("/search?q=alley", headers={"Sec-Purpose": "prefetch"})
    client.get("/records/alley-gates", headers={"Purpose": "prefetch"})
    assert "Searches in this collection" not in main(client.get(trail))


def test_terms_left_out_apply_to_each_search_and_are_shown(client: TestClient) -> None:
    before = main(client.get("/search?q=alley+gates"))
    assert "Alley gates in Hill Street" in before
    trail = start(client)
    send(client, f"{trail}/clarify", {"not_wanted": "Hill Street\n"})
    after = main(client.get("/search?q=alley+gates"))
    assert "Alley gates in Hill Street" not in after
    assert "Alley gates against burglary in Marsh Lane" in after
    assert "Your trail leaves out: “Hill Street”" in after
    assert soup(client.get("/search?q=alley+gates")).find(id="q")["value"] == "alley gates"
    assert 'alley gates -"Hill Street"' in main(client.get(trail))
    # No way on repeats them in its address, or is a search for nothing but what is left out.
    ways = soup(client.get("/search?q=burglars+qqqzzz&exact=1")).find("main")
    links = {link.text: link["href"] for link in ways.find_all("a") if "Without" in link.text}
    assert links["Without qqqzzz"] == "/search?q=burglars&exact=1"
    assert "Without qqqzzz" not in main(client.get("/search?q=qqqzzz&exact=1"))
    # Browsing without words leaves them out, too.
    assert "Alley gates in Hill Street" not in main(client.get("/search"))
    send(client, "/about", action=f"{trail}/pause")
    assert "Alley gates in Hill Street" in main(client.get("/search?q=alley+gates"))


def test_the_five_steps(client: TestClient) -> None:
    trail = start(client)
    answer = send(
        client,
        f"{trail}/clarify",
        {
            "problem": "Burglars come through back alleys.",
            "problem_types": ["burglary-dwelling"],
            "aspects": ["what", "who"],
            "then": "talk",
        },
    )
    assert answer.url.path == f"{trail}/talk"
    answer = send(
        client,
        f"{trail}/talk",
        {
            **{"who": "Dana", "when": "5/3/2026", "said": "Try\nalley gates <b>"},
            "lead": "Ring Marsh Lane",
        },
        action=f"{trail}/talk",
    )
    assert "5 March 2026" in main(answer)
    assert "alley gates <b>" in main(answer)
    assert "To do" in main(answer)
    answer = send_again(client, answer, button="Doing")
    assert "Doing" in soup(answer).find(class_="sp-entry").text
    answer = send(client, f"{trail}/broad", {"query": "alley gates", "limit_minutes": "15"})
    assert "The clock runs" in answer.text
    there = soup(answer).find("main").find("a", string="DuckDuckGo")["href"]
    assert there == "https://duckduckgo.com/?q=alley%20gates"
    assert "0 minutes of 15 minutes" in soup(answer).find(class_="sp-trail-bar").text
    answer = send_again(client, answer, button="Stop the clock")
    assert "Rounds so far" in main(answer)
    page = client.get(f"{trail}/targeted")
    folded = soup(page).find("main").select("details.sp-choose .sp-entry[id]")
    assert len(soup(page).select("main .sp-entry[id]")) - len(folded) == 10
    assert all(entry.find("button") for entry in folded), "their states can be set all the same"
    link = soup(page).find(id="source-college-of-policing-library").find("a", rel="nofollow")
    went = client.get(link["href"], follow_redirects=False)
    assert went.status_code == 303
    assert went.headers["location"].startswith("https://")
    answer = send(
        client,
        f"{trail}/targeted?only=doing",
        {"note": "Nothing on gates", "hits_seen": "3"},
        button="Save",
    )
    assert "Nothing on gates" in main(answer)
    client.get("/records/alley-gates")
    page = client.get(f"{trail}/results")
    tap = soup(page).find("main").find("a", string="Key")
    answer = client.get(tap["href"])
    assert soup(answer).find("input", value="key").has_attr("checked")
    answer = send_again(
        client, answer, {"why": ["same-problem"]}, action="/records/alley-gates/useful"
    )
    assert answer.url.path == f"{trail}/results"
    assert "Key" in main(answer)
    assert "same problem" in main(answer)
    answer = send(
        client,
        f"{trail}/results",
        {"url": "https://example.org/x", "title": "A page", "useful": "not-useful"},
        action=f"{trail}/results",
    )
    assert "A page" in main(answer)
    answer = send_again(client, answer, {"what": "Asked the insurer"}, action=f"{trail}/dead-ends")
    assert "Asked the insurer" in main(answer)
    report = send(client, f"{trail}/close", {"answer": "Gates, with residents."})
    assert report.url.path == f"{trail}/report"
    told = main(report)
    for said in (
        "Gates, with residents.",
        "Burglars come through back alleys.",
        "Dana",
        "A page",
        "Asked the insurer",
        "PRISMA-S",
        "Alley gates against burglary in Marsh Lane",
    ):
        assert said in told
    for extension in ("docx", "md", "csv", "ris", "json"):
        answer = client.get(f"{trail}/report.{extension}")
        assert answer.status_code == 200
        assert (
            f'filename="burglary-in-terraced-streets.{extension}"'
            in answer.headers["content-disposition"]
        )
    assert client.get(f"{trail}/report.exe").status_code == 404
    assert not soup(client.get("/about")).find("section", class_="sp-trail-bar")


def test_errors_keep_what_was_typed(client: TestClient) -> None:
    trail = start(client)
    answer = send(client, f"{trail}/talk", {"when": "soon", "who": "Dana"}, action=f"{trail}/talk")
    assert answer.status_code == 400
    assert soup(answer).find(id="who")["value"] == "Dana"
    assert soup(answer).find(id="when")["aria-invalid"] == "true"
    answer = send(client, f"{trail}/broad", {"limit_minutes": "0"}, action=f"{trail}/broad")
    assert "There is a problem" in answer.text or answer.url.path == f"{trail}/broad"
    answer = send(client, f"{trail}/results", {"url": "nonsense"}, action=f"{trail}/results")
    assert answer.status_code == 400
    assert soup(answer).find(id="url")["value"] == "nonsense"
    empty = send(client, "/trails", {"into": "  "}, action="/trails")
    assert empty.status_code == 400


def test_kept_at_sign_in(client: TestClient) -> None:
    person("ann")
    trail = start(client)
    client.get("/search?q=alley")
    sign_in(client)
    assert "Searches in this collection" in main(client.get(trail))
    assert soup(client.get("/about")).find("section", class_="sp-trail-bar")
    send(client, "/account", action="/account/sign-out")
    assert client.get(trail).status_code == 404
    sign_in(client)
    assert "Go on with it" in main(client.get(trail))


def test_shared_by_link_and_ended(browsers: Browser) -> None:
    person("ann")
    ann, other = sign_in(browsers()), browsers()
    trail = start(ann)
    assert other.get(trail).status_code == 404
    answer = send(ann, f"{trail}/share", button="Make a link")
    link = soup(answer).find("code").text
    again = main(ann.get(f"{trail}/share"))
    assert link.rpartition("=")[2] not in again
    seen = other.get(link)
    assert seen.url.path == trail
    assert "key=" not in str(seen.url)
    assert "burglary in terraced streets" in main(seen)
    for step in ("clarify", "talk", "broad", "targeted", "results", "report", "changes"):
        answer = other.get(f"{trail}/{step}")
        assert answer.status_code == 200, step
        assert answer.headers["cache-control"] == "no-store"
    token = soup(other.get("/account/sign-in")).find("input", attrs={"name": "csrf"})["value"]
    refused = post(other, f"{trail}/clarify", [("csrf", token), ("question", "mine now")])
    assert refused.status_code == 403
    copied = send(other, trail, action=f"{trail}/copy")
    assert "This is your own copy" in copied.text
    assert copied.url.path != trail
    send(ann, f"{trail}/share", button="End this")
    assert other.get(trail).status_code == 404
    assert other.get(link).status_code == 404


def test_shared_with_a_colleague_who_may_write(browsers: Browser) -> None:
    person("ann")
    person("bob")
    ann, bob = sign_in(browsers()), sign_in(browsers(), "bob")
    trail = start(ann)
    unknown = send(ann, f"{trail}/share", {"email": "nobody@example.org"}, button="Share with them")
    assert unknown.status_code == 400
    send(
        ann,
        f"{trail}/share",
        {"email": "bob@example.org", "may_write": "1"},
        button="Share with them",
    )
    assert "burglary in terraced streets" in main(bob.get("/trails"))
    # Both have the form open; each changes another field, then both the same one.
    at_ann, at_bob = ann.get(f"{trail}/clarify"), bob.get(f"{trail}/clarify")
    send_again(ann, at_ann, {"place": "Marsh Lane"}, action=f"{trail}/clarify")
    saved = send_again(bob, at_bob, {"problem": "Back alleys"}, action=f"{trail}/clarify")
    assert soup(saved).find(id="place")["value"] == "Marsh Lane"
    at_ann, at_bob = ann.get(f"{trail}/clarify"), bob.get(f"{trail}/clarify")
    send_again(ann, at_ann, {"place": "Hill Street"}, action=f"{trail}/clarify")
    clash = send_again(bob, at_bob, {"place": "Sea View"}, action=f"{trail}/clarify")
    assert clash.status_code == 400
    assert "Hill Street" in main(clash)
    assert soup(clash).find(id="place")["value"] == "Sea View"
    kept = send_again(bob, clash, action=f"{trail}/clarify")
    assert soup(kept).find(id="place")["value"] == "Sea View"
    assert bob.get(f"{trail}/share").status_code == 403


@pytest.mark.parametrize("since", ["", "0", "²", "-1", "9" * 5000])
def test_a_form_made_after_nothing_known_is_kept_as_sent(client: TestClient, since: str) -> None:
    trail = start(client)
    saved = send(
        client,
        f"{trail}/clarify",
        {"since": since, "place": "Marsh Lane"},
        action=f"{trail}/clarify",
    )
    assert saved.status_code == 200
    assert soup(saved).find(id="place")["value"] == "Marsh Lane"


def test_where_did_i_see_that(browsers: Browser) -> None:
    ann, other = browsers(), browsers()
    start(ann)
    start(other, "something else")
    ann.get("/records/alley-gates")
    assert "1 place" in main(ann.get("/trails?q=marsh+lane"))
    assert "0 places" in main(other.get("/trails?q=marsh+lane"))


def test_running_again_shows_only_what_changed(client: TestClient) -> None:
    from index import sync
    from tests.factories import practice
    from tests.web.conftest import save

    trail = start(client)
    client.get("/search?q=alley+gates&exact=1")
    answer = send(client, f"{trail}/changes", button="Run the searches again")
    assert "Nothing changed in 1 search" in main(answer)
    save(practice(id="new-gates", title="New alley gates"))
    sync.sync()
    answer = send(client, f"{trail}/changes", button="Run the searches again")
    assert "New alley gates" in main(answer)
    answer = send(client, f"{trail}/changes", button="Run the searches again")
    assert "Nothing changed" in main(answer)


def test_a_record_withdrawn_since_is_not_named(client: TestClient) -> None:
    from tests.web.conftest import set_state

    trail = start(client)
    client.get("/records/alley-gates")
    send(
        client,
        "/records/alley-gates/useful?useful=key",
        {"note": "good"},
        action="/records/alley-gates/useful",
    )
    set_state("alley-gates", "withdrawn")
    for path in (trail, f"{trail}/results", f"{trail}/report", "/trails?q=marsh"):
        text = client.get(path).text
        assert "Alley gates against" not in text, path
        assert "alley-gates" not in text, path


def test_life(client: TestClient) -> None:
    trail = start(client)
    send(client, f"{trail}/name", {"title": "Gates"})
    assert "Gates" in soup(client.get(trail)).find("h1").text
    send(client, f"{trail}/close")
    token = form_of(client.get(trail), action=f"{trail}/reopen")
    assert token
    closed = client.get(f"{trail}/talk")
    assert "This trail is closed" in closed.text
    send(client, trail, action=f"{trail}/reopen")
    send(client, trail, action=f"{trail}/leave")
    assert not soup(client.get("/about")).find("section", class_="sp-trail-bar")
    send(client, f"{trail}/delete")
    assert client.get(trail).status_code == 404


def test_an_address_may_name_the_trail(browsers: Browser) -> None:
    ann, other = browsers(), browsers()
    trail = start(ann)
    send(ann, trail, action=f"{trail}/leave")
    number = trail.rpartition("/")[2]
    other.get(f"/search?q=alley&trail={number}")
    ann.get(f"/search?q=gates&trail={number}")
    told = main(ann.get(trail))
    assert "gates" in told
    assert "alley" not in told
    assert soup(ann.get("/about")).find("section", class_="sp-trail-bar")
    assert ann.get("/search?q=alley&trail=nonsense").status_code == 200


def test_visitors_trails_do_not_stay_for_ever(browsers: Browser) -> None:
    from datetime import timedelta

    from sqlmodel import select

    from kb.database import now, session_scope
    from kb.trails.models import Trail

    start(browsers(), "long ago")
    with session_scope(write=True) as session:
        row = session.exec(select(Trail)).one()
        row.updated_at = now() - timedelta(days=31)
        session.add(row)
    start(browsers(), "today")
    with session_scope() as session:
        assert [row.state["title"] for row in session.exec(select(Trail))] == ["today"]


def test_a_page_noted_by_address_alone(browsers: Browser) -> None:
    person("ann")
    client = sign_in(browsers())
    trail = start(client)
    answer = send(
        client, f"{trail}/results", {"url": "https://example.org/x"}, action=f"{trail}/results"
    )
    assert "https://example.org/x" in main(answer)
