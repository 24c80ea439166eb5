"""A round from opening to results: entering, nameless judging, moderation, and refusals."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from kb.accounts import personal_data
from kb.audit import AuditEntry
from kb.awards.models import AwardScheme, AwardScore, AwardSubmission
from kb.awards.personal import erase
from kb.awards.rules import changed, rules_of
from kb.database import now, session_scope
from kb.records import service as records
from kb.seeding import SeedReport, seed_directory
from tests.factories import practice
from tests.web.conftest import save, the_app
from tests.web.people import mails, person, post, send, send_again, sign_in, soup

Browser = Callable[[str], TestClient]
ROUND = "/awards/tilley/2031"
ROLES = {
    "boss": ("awards",),
    "ann": ("contributor",),
    "bob": ("contributor",),
    "both": ("awards", "contributor"),
}


@pytest.fixture
def browser(site: object) -> Browser:
    """A signed-in browser of its own for each person; j1, j2 and so on may judge."""
    app = the_app()
    made: dict[str, TestClient] = {}

    def of(name: str) -> TestClient:
        if name not in made:
            person(name, *ROLES.get(name, ("awards",)))
            made[name] = sign_in(TestClient(app, raise_server_exceptions=False), name)
        return made[name]

    return of


def main(answer: Any) -> str:
    return " ".join(soup(answer).find("main").text.split())


def opened(browser: Browser, **changes: Any) -> None:
    boss = browser("boss")
    answer = send(boss, "/awards/tilley/open", {"year": "2031", **changes}, button="Open the round")
    assert "The round is open" in answer.text, main(answer)
    for judge in ("j1", "j2"):
        browser(judge)
        answer = send(
            boss, f"{ROUND}/run", {"email": f"{judge}@example.org"}, action=f"{ROUND}/run/judges"
        )
        assert "Saved." in answer.text, main(answer)


def entered(
    browser: Browser, who: str, record: str, *, consent: str = "yes", **changes: Any
) -> str:
    client = browser(who)
    answer = send(client, f"/records/{record}/enter", button="Begin an entry")
    path = str(answer.url.path)
    given = {"months": "14", "endorser": "A chief", "consent": consent, "then": "second"}
    answer = send_again(client, answer, {**given, **changes}, button="Save and enter")
    assert answer.status_code == 200, main(answer)
    assert "Entered" in main(answer)
    return path


def move(browser: Browser, to: str) -> Any:
    boss = browser("boss")
    answer = boss.get(f"{ROUND}/run")
    return send_again(boss, answer, {"to": to, "sure": "yes"}, action=f"{ROUND}/run/move")


def published(browser: Browser, sure: str = "yes") -> Any:
    ticked = {"sure": sure}
    return send(browser("boss"), f"{ROUND}/moderate", ticked, button="Publish the results")


def marked(browser: Browser, judge: str, number: str, *marks: str) -> Any:
    given = {f"mark-{place}": mark for place, mark in enumerate(marks)}
    path = f"{ROUND}/judge/{number}"
    return send(browser(judge), path, {**given, "comment": f"Said {judge}."}, action=path)


def number_of(path: str) -> str:
    return path.rpartition("/")[2]


def decided(browser: Browser, number: str, level: str, **changes: str) -> Any:
    path = f"{ROUND}/moderate/{number}"
    given = {"level": level, "reason": "The judges agree.", "feedback": f"Well done, {number}."}
    return send(browser("boss"), path, {**given, **changes}, action=path)


def test_a_round_from_opening_to_results(browser: Browser, client: TestClient) -> None:
    save(practice(id="silent", title="Cameras in the Marsh Lane park"))
    opened(browser)
    first = entered(browser, "ann", "alley-gates")
    second = entered(browser, "bob", "silent", consent="no")
    one, two = number_of(first), number_of(second)
    assert "Nothing can be read yet" in main(browser("j1").get(f"{ROUND}/judge"))
    assert "Being judged" in main(move(browser, "judging"))

    assert "0 entries held" not in main(client.get(ROUND)), "they are not public yet"
    waiting = main(browser("boss").get(f"{ROUND}/moderate"))
    assert "Judges' mean" not in waiting, "what says nothing of any entry yet is left out"
    assert "missing" not in waiting
    room = main(browser("j1").get(f"{ROUND}/judge"))
    assert "Category" not in room
    assert "[name hidden]" in room
    text = browser("j1").get(f"{ROUND}/judge/{one}").text
    for name in ("Marsh Lane", "Marsh Lane Council", "A chief", "Ann"):
        assert name not in soup(browser("j1").get(f"{ROUND}/judge/{one}")).find("main").text, name
    assert "keys" in text
    assert "What went wrong on the way: Some residents" in text, "what is alone has one name"
    assert browser("j1").get(f"{ROUND}/moderate").status_code == 403, "a judge stays blind"
    wrong = marked(browser, "j1", one, "11", "x", "5", "5")
    assert wrong.status_code == 400
    assert main(wrong).count("give a mark from 0 to 10") >= 2

    assert marked(browser, "j1", one, "6", "6", "6", "6").status_code == 200
    refused = move(browser, "moderation")
    assert refused.status_code == 409
    assert "needs 2 judges" in main(refused)
    assert "Said j1." not in browser("j2").get(f"{ROUND}/judge/{one}").text
    marked(browser, "j2", one, "9", "9", "9", "9")
    for judge in ("j1", "j2"):
        marked(browser, judge, two, "4", "4", "4", "4")
    assert "Said" not in browser("boss").get(f"{ROUND}/moderate/{one}").text
    assert "Being moderated" in main(move(browser, "moderation"))

    table = main(browser("boss").get(f"{ROUND}/moderate"))
    assert "7.5 (2)" in table
    assert "far apart" in table
    early = published(browser)
    assert early.status_code == 409
    assert "no feedback" in main(early)
    assert "far apart" in main(early), "what is lacking is told beside the entries"
    bare = decided(browser, one, "winner", feedback="", reason="")
    assert bare.status_code == 400
    assert "every entrant gets feedback" in main(bare)
    decided(browser, one, "winner")
    decided(browser, two, "commended")
    unsure = published(browser, sure="")
    assert unsure.status_code == 400
    assert "tick the box" in main(unsure)
    assert "The results are published." in published(browser).text

    public = main(client.get(ROUND))
    assert "Winner (1)" in public
    assert "Alley gates against burglary" in public
    assert "Cameras" not in client.get(ROUND).text, "nobody is published who did not agree"
    with session_scope() as session:
        assert records.get(session, "silent").content.awards == []
        assert records.get(session, "alley-gates").content.awards[0].level == "winner"
        actions = set(session.exec(select(AuditEntry.action)).all())
    assert {
        "award_contest.opened",
        "award_contest.judge_appointed",
        "award_submission.entered",
        "award_submission.marked",
        "award_submission.decided",
        "award_contest.published",
    } <= actions
    assert "There is an answer to your award entry" in main(browser("bob").get("/account/news"))
    answer = main(browser("bob").get(second))
    assert "Result: Commended" in answer
    assert f"Well done, {two}." in answer
    assert browser("bob").get(first).status_code == 404
    paper = browser("ann").get(f"{ROUND}/certificates/{one}")
    assert "Winner" in main(paper)
    assert browser("bob").get(f"{ROUND}/certificates/{one}").status_code == 404
    token = _token(browser("boss").get("/awards/new"))
    twice = post(browser("boss"), f"{ROUND}/moderate/publish", [("csrf", token), ("sure", "yes")])
    assert twice.status_code == 409

    assert letters("j1") == ["asked to judge", "Judging has begun", "results are published"]
    assert letters("bob") == ["We have your award entry", "result of your award entry is out"]
    last = next(mail for mail in mails() if mail.recipient == "bob@example.org")
    assert second in last.text
    assert "Commended" not in last.text, "what came of it is read on the site only"


def letters(name: str) -> list[str]:
    """The subjects of the award mails that somebody got, oldest first; each names the round."""
    found = [mail for mail in mails("entry_news") if mail.recipient == f"{name}@example.org"]
    assert all(mail.subject.endswith(": Tilley Awards, 2031") for mail in found)
    subjects = [mail.subject.removesuffix(": Tilley Awards, 2031") for mail in reversed(found)]
    return [re.sub(r"^(You are|The) ", "", subject) for subject in subjects]


def _token(answer: Any) -> str:
    """What a form of this person's browser would send back."""
    return str(soup(answer).find("input", attrs={"name": "csrf"})["value"])


def test_what_goes_on_is_found_from_the_awards_page(browser: Browser, client: TestClient) -> None:
    opened(browser)
    entry = entered(browser, "ann", "alley-gates")
    links = {
        name: soup(browser(name).get("/awards")).find("main") for name in ("ann", "j1", "boss")
    }
    assert links["ann"].find("a", href=entry)
    assert links["j1"].find("a", href=f"{ROUND}/judge")
    assert links["boss"].find("a", href=f"{ROUND}/run")
    everybody = soup(client.get("/awards")).find("main")
    assert everybody.find("a", href=ROUND)
    assert not everybody.find("a", href=entry)


def test_an_entry_is_withdrawn_only_when_that_is_meant(browser: Browser) -> None:
    opened(browser)
    entry = entered(browser, "ann", "alley-gates")
    held = send(browser("ann"), entry, button="Withdraw the entry")
    assert held.status_code == 400
    assert "tick the box" in main(held)
    assert "Entered." in main(browser("ann").get(entry))
    gone = send(browser("ann"), entry, {"sure": "yes"}, button="Withdraw the entry")
    assert "Withdrawn." in main(gone)


def test_an_entry_that_breaks_the_rules_is_kept_as_a_draft(browser: Browser) -> None:
    opened(browser, gates="Evaluated\nIn one county", categories="Streets\nHomes")
    ann = browser("ann")
    begun = send(ann, "/records/alley-gates/enter", button="Begin an entry")
    wrong = send_again(
        ann,
        begun,
        {"text-0": "word " * 401, "months": "3", "gates": "Evaluated", "then": "second"},
        button="Save and enter",
    )
    assert wrong.status_code == 400
    told = main(wrong)
    for rule in ("at most 400 words", "not ticked: In one county", "choose one", "12 months"):
        assert rule in told, rule
    with session_scope() as session:
        row = session.exec(select(AwardSubmission)).one()
        assert (row.state, row.texts["Summary"].split()[0]) == ("draft", "word")
    stale = send_again(ann, begun, {"text-0": "Older"}, button="Save and enter")
    assert stale.status_code == 409
    assert "Somebody else changed this" in main(stale)
    assert browser("bob").get(begun.url.path).status_code == 404


def test_interests_close_entries(browser: Browser) -> None:
    opened(browser)
    one = number_of(entered(browser, "ann", "alley-gates"))
    two = number_of(entered(browser, "bob", "alley-gates-again"))
    move(browser, "judging")
    room = f"{ROUND}/judge"
    marked(browser, "j2", one, "5", "5", "5", "5")
    theirs, declares = {"reason": "My team"}, f"{room}/{one}/interest"
    unsure = send(browser("j2"), f"{room}/{one}", theirs, action=declares)
    assert "Tick the box to go on" in main(unsure)
    assert soup(unsure).find(id="reason")["value"] == "My team"
    closed = send_again(browser("j2"), unsure, {**theirs, "sure": "yes"}, action=declares)
    assert "you declared an interest" in main(closed)
    assert browser("j2").get(f"{room}/{one}").status_code == 403
    with session_scope() as session:
        assert session.exec(select(AwardScore)).all() == [], "the mark given before is gone"
    send(browser("j1"), room, {"knows": "marsh lane council"}, action=room)
    assert browser("j1").get(f"{room}/{two}").status_code == 403


def test_a_judge_is_dismissed_only_when_that_was_made_sure(browser: Browser) -> None:
    opened(browser)
    boss, run = browser("boss"), f"{ROUND}/run"
    boxes = soup(boss.get(run)).select("select[name=judge] option[value]")
    judge = next(box["value"] for box in boxes if box["value"])
    unsure = send(boss, run, {"judge": judge}, button="Dismiss")
    assert "Tick the box to go on" in main(unsure)
    chosen = soup(unsure).select_one("select[name=judge] option[selected]")
    assert chosen
    assert chosen["value"] == judge
    ticks = [box["id"] for box in soup(unsure).select("input[type=checkbox][id]")]
    assert len(ticks) == len(set(ticks))
    send_again(boss, unsure, {"sure-dismiss": "yes"}, button="Dismiss")
    assert len(soup(boss.get(run)).select("select[name=judge] option[value]")) == len(boxes) - 1


def test_what_rounds_keep_of_a_person_is_handed_out_and_erased(browser: Browser) -> None:
    opened(browser)
    send(browser("ann"), "/records/alley-gates/enter", button="Begin an entry")
    with session_scope(write=True) as session:
        row = session.exec(select(AwardSubmission)).one()
        data = personal_data.export(session, row.entrant)
        assert data["awards"]["entries"][0]["record_id"] == "alley-gates"
        erase(session, row.entrant)
        assert session.exec(select(AwardSubmission)).all() == []


def test_nobody_decides_on_their_own_entry(browser: Browser) -> None:
    opened(browser)
    path = f"{ROUND}/moderate/{number_of(entered(browser, 'both', 'alley-gates'))}"
    form = {"feedback": "No."}
    assert send(browser("both"), path, form, action=f"{path}/rule-out").status_code == 403
    ruled = send(browser("boss"), path, form, action=f"{path}/rule-out")
    assert "Not eligible" in main(ruled)
    told = mails("entry_news")[0]
    assert (told.recipient, told.subject.partition(":")[0]) == (
        "both@example.org",
        "Your award entry is not eligible",
    )
    assert "\nNo.\n" in told.text
    assert browser("both").get(path).status_code == 200


def test_dates_roles_and_states_are_held(browser: Browser, client: TestClient) -> None:
    yesterday = (now() - timedelta(days=1)).date().isoformat()
    opened(browser, closes=yesterday)
    assert "Begin an entry" not in browser("ann").get("/records/alley-gates/enter").text
    for path in ("run", "moderate", "judge"):
        assert browser("ann").get(f"{ROUND}/{path}").status_code == 403
        assert client.get(f"{ROUND}/{path}").url.path == "/account/sign-in"
    assert browser("boss").get(f"{ROUND}/judge").status_code == 403, "not appointed"
    refused = move(browser, "judging")
    assert refused.status_code == 409
    assert "Nobody has entered yet" in main(refused)
    again = send(browser("boss"), "/awards/tilley/open", {"year": "2031"}, button="Open the round")
    assert again.status_code == 400
    assert "already run here" in main(again)
    assert browser("ann").get("/awards/new").status_code == 403


def test_one_record_as_every_schemes_form(client: TestClient) -> None:
    assert "Goldstein" in main(client.get("/records/alley-gates/enter"))
    tilley = main(client.get("/records/alley-gates/enter/tilley"))
    assert "Summary (12 of at most 400 words)" in tilley
    assert "Analysis (counts 33%)" in tilley
    assert "Missing:" in tilley
    plain = main(client.get("/records/alley-gates/enter/justice"))
    assert "own form is not known" in plain
    assert "Criteria not known" in plain
    as_text = client.get("/records/alley-gates/enter/tilley.md")
    assert "## Analysis" in as_text.text
    as_word = client.get("/records/alley-gates/enter/tilley.docx")
    assert as_word.content[:2] == b"PK"
    for path in ("enter/nothing", "enter/tilley.exe"):
        assert client.get(f"/records/alley-gates/{path}").status_code == 404
    assert client.get("/records/hidden-draft/enter").status_code == 404


def test_a_scheme_of_ones_own_is_kept_by_the_starter_collection(browser: Browser) -> None:
    boss = browser("boss")
    made = send(
        boss,
        "/awards/new",
        {"title": "Quiet Streets <Prize>", "criteria": "Idea: 40\nEffect: 60", "months": "6"},
        button="Save the scheme",
    )
    assert "Quiet Streets &lt;Prize&gt;" in made.text
    mixed = send(
        boss, "/awards/justice/edit", {"criteria": "Idea: 40\nEffect"}, button="Save the scheme"
    )
    assert "give every line a weight, or none" in main(mixed)
    send(boss, "/awards/justice/edit", {"body": "A new body"}, button="Save the scheme")
    with session_scope(write=True) as session:
        seed_directory(session, SeedReport())
    with session_scope() as session:
        justice = session.get(AwardScheme, "justice")
        assert justice is not None
        assert justice.entry["body"] == "A new body"
        assert rules_of(justice).criteria == [], "what is not known stays empty"
        assert not rules_of(justice).own_form
        assert [one.sources for one in changed(rules_of(justice), {"form": "Scanning"}).form] == [
            ["scanning"]
        ], "a heading that stays is still filled from the record"
        own = session.get(AwardScheme, "quiet-streets-prize")
        assert own is not None
        assert rules_of(own).mark({"Idea": 10, "Effect": 5}) == pytest.approx(7)
