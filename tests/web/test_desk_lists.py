"""The lists for librarians that verdicts and adoptions make."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from kb.database import session_scope
from kb.trails import usefulness
from kb.trails.access import Viewer
from tests.web.conftest import the_app
from tests.web.people import person, send, send_again, sign_in
from tests.web.test_trails import main

Browser = Callable[[], TestClient]
RECORD = "/records/alley-gates"


@pytest.fixture
def browsers(site: object) -> Browser:
    app = the_app()
    return lambda: TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("page", ["/desk/tried", "/desk/thin"])
def test_only_librarians_see_them(browsers: Browser, page: str) -> None:
    person("ann")
    person("lib", "librarian")
    assert browsers().get(page).url.path == "/account/sign-in"
    ann, lib = sign_in(browsers()), sign_in(browsers(), "lib")
    assert ann.get(page).status_code == 403
    assert lib.get(page).status_code == 200
    assert page in lib.get("/desk").text


def propose(client: TestClient, **more: str) -> None:
    told = {"who": "Hill <i>Council</i>", "where": "Hill Town", "adapted": "Lower gates", **more}
    assert "A librarian will look" in send(client, f"{RECORD}/tried", told, button="Send").text


def test_accepting_shows_it_on_the_record(browsers: Browser) -> None:
    person("ann")
    person("lib", "librarian")
    ann, lib = sign_in(browsers()), sign_in(browsers(), "lib")
    propose(ann)
    assert "Hill <i>" not in main(browsers().get(RECORD))
    desk = lib.get("/desk/tried")
    assert "Hill <i>Council</i>" in main(desk)
    assert "Sent by Ann" in main(desk)
    done = send_again(lib, desk, button="Accept")
    assert "Nothing waits" in main(done)
    assert "Hill <i>Council</i>, Hill Town" in main(browsers().get(RECORD))
    told = main(ann.get("/account/news"))
    assert "What you sent in as “we tried it too” is shown now." in told
    again = send_again(lib, desk, button="Accept")
    assert again.status_code == 409


def test_declining_takes_a_reason_that_is_told(browsers: Browser) -> None:
    person("ann")
    person("lib", "librarian")
    ann, lib = sign_in(browsers()), sign_in(browsers(), "lib")
    propose(ann)
    desk = lib.get("/desk/tried")
    wrong = send_again(lib, desk, button="Decline")
    assert wrong.status_code == 400, main(wrong)
    assert "so that the sender can put it right" in main(wrong)
    done = send_again(lib, wrong, {"reason": "Say when & where."}, button="Decline")
    assert "told the reason" in done.text
    assert "was not taken: Say when & where." in main(ann.get("/account/news"))
    assert "Hill <i>" not in main(browsers().get(RECORD))


def test_doubted_records(browsers: Browser) -> None:
    person("lib", "librarian")
    lib = sign_in(browsers(), "lib")
    poor = {"useful": "not-useful", "why": ["too-thin"]}
    with session_scope(write=True) as session:
        for name, said in (
            ("a", {**poor, "note": "No figures <b>", "visibility": "all"}),
            ("b", {**poor, "note": "mine alone", "visibility": "me"}),
            ("c", {"useful": "key"}),
        ):
            usefulness.annotate(session, Viewer(account=name), "alley-gates", said)
        usefulness.annotate(session, Viewer(account="a"), "alley-gates-again", poor)
    told = main(lib.get("/desk/thin"))
    assert "2 of 3 people who judged it saw a flaw; of no use to 2." in told
    assert "Too thin (2)" in told
    assert "No figures <b>" in told
    assert "mine alone" not in told
    assert "Hill Street" not in told
    assert "Hill Street" in main(lib.get("/desk/thin?least=1"))
    assert lib.get("/desk/thin?least=-5").status_code == 200
    assert lib.get("/desk/thin?least=x").status_code == 400
