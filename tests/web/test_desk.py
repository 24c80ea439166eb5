"""The desk: claim, comment, ask for changes, publish, decline, appeal, and two people at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from index import sync
from kb.curation.models import Entry
from kb.database import now, session_scope
from kb.records import service as records
from tests.web.conftest import save, set_state, the_app
from tests.web.entries import CASE, act, begin, fill_page, send_in
from tests.web.people import mails, person, post, send, sign_in, soup

Browser = Callable[[str], TestClient]


@pytest.fixture
def browser(site: object) -> Browser:
    """A signed-in browser of its own for each person."""
    app = the_app()
    made: dict[str, TestClient] = {}

    def of(name: str) -> TestClient:
        if name not in made:
            person(name, *(("librarian",) if name.startswith("lib") else ("contributor",)))
            made[name] = sign_in(TestClient(app, raise_server_exceptions=False), name)
        return made[name]

    return of


def sent_in(browser: Browser, **changes: object) -> tuple[str, str]:
    """A complete entry of Ann's in the queue: its address and its address on the desk."""
    ann = browser("ann")
    path = begin(ann)
    with session_scope(write=True) as session:
        row = session.get(Entry, path.rpartition("/")[2])
        assert row is not None
        row.content = {**CASE, **changes}
        session.add(row)
    assert send_in(ann, path).status_code == 200
    return path, f"/desk/reviews/{path.rpartition('/')[2]}"


def entry_at(path: str) -> Entry:
    with session_scope() as session:
        found = session.get(Entry, path.rpartition("/")[2])
        assert found is not None
        return found


def main(answer: object) -> str:
    return " ".join(soup(answer).find("main").text.split())


def decide(client: TestClient, desk: str, decision: str, reason: str = "") -> object:
    return send(client, desk, {"decision": decision, "reason": reason}, action=f"{desk}/decide")


def test_only_librarians_get_in(browser: Browser, client: TestClient) -> None:
    assert browser("ann").get("/desk").status_code == 403
    assert client.get("/desk").url.path == "/account/sign-in"
    _, desk = sent_in(browser)
    assert browser("ann").get(desk).status_code == 403


def test_from_the_queue_to_found_in_search(browser: Browser, client: TestClient) -> None:
    path, desk = sent_in(browser, title="Quincunx gates in Wombat Street")
    lib = browser("lib")
    assert "Quincunx gates" in main(lib.get("/desk"))
    assert "Quincunx" not in client.get("/search?q=quincunx").text
    assert "No comparison" in main(lib.get(desk))
    act(lib, desk, "Claim it")
    assert "Claimed by you" in main(lib.get("/desk?show=mine"))
    answer = decide(lib, desk, "publish", "A clear account.")
    assert "Published." in answer.text
    held = entry_at(path)
    assert (held.state, held.record_id is not None) == ("published", True)
    sync.sync()
    assert "Quincunx gates in Wombat Street" in main(client.get("/search?q=quincunx"))
    with session_scope() as session:
        [revision] = records.revisions(session, held.record_id or "")
        assert (revision.state, revision.door) == ("published", "form")
        assert revision.saved_by == held.owner
    mine = browser("ann").get("/contribute")
    assert "Search finds it" in main(mine)
    assert mails("entry_news")[0].subject.startswith("Your entry is published")


def test_what_is_lacking_for_publishing_is_named_and_nothing_happens(browser: Browser) -> None:
    path, desk = sent_in(browser, learning_do="", partners=[])
    lib = browser("lib")
    act(lib, desk, "Claim it")
    answer = decide(lib, desk, "publish")
    assert answer.status_code == 400
    assert "Partners: required" in main(answer)
    assert entry_at(path).state == "in-review"


def test_asking_for_changes_and_the_difference_against_what_was_reviewed(browser: Browser) -> None:
    path, desk = sent_in(browser)
    lib, ann = browser("lib"), browser("ann")
    act(lib, desk, "Claim it")
    assert decide(lib, desk, "ask").status_code == 400
    send(lib, desk, {"field": "results", "text": "Whose?"}, action=f"{desk}/comment")
    decide(lib, desk, "ask", "Which streets, please?")
    assert soup(ann.get(path)).select_one("#about-results a")["href"].startswith(f"{path}/results#")
    assert "Which streets, please?" in main(ann.get(path))
    assert mails("entry_news")[0].text.count("Which streets, please?") == 1
    # Without a change and without an answer there is nothing to review again.
    assert "Nothing was changed" in main(send_in(ann, path))
    fill_page(ann, path, "title", summary="Gates closed the alleys of Elm and Oak Street.")
    fill_page(ann, path, "title", title="Alley gates in Elm and Oak Street")
    send_in(ann, path)
    assert entry_at(path).state == "in-review"
    assert "sent in again" in mails("entry_news")[1].subject + mails("entry_news")[0].subject
    page = soup(lib.get(desk))
    changed = [head.text for head in page.select(".sp-change h3")]
    assert changed == ["Title", "Summary"]
    assert "Elm and Oak Street" in page.find("ins").text
    decide(lib, desk, "publish")
    assert entry_at(path).state == "published"


def test_an_answer_is_enough_to_send_it_in_again(browser: Browser) -> None:
    path, desk = sent_in(browser)
    lib, ann = browser("lib"), browser("ann")
    act(lib, desk, "Claim it")
    decide(lib, desk, "ask", "Are you sure of the figures?")
    send(ann, path, {"text": "Yes, checked twice."}, button="Send")
    send_in(ann, path)
    assert entry_at(path).round == 2


def test_comments_stand_at_their_field_and_are_settled(browser: Browser) -> None:
    path, desk = sent_in(browser)
    lib, ann = browser("lib"), browser("ann")
    act(lib, desk, "Claim it")
    send(
        lib,
        desk,
        {"field": "results", "text": "Over <b>which</b> period?"},
        action=f"{desk}/comment",
    )
    page = ann.get(path)
    assert "Results" in main(page)
    assert "Over <b>which</b> period?" in main(page)
    desk_page = soup(lib.get(f"{desk}?about=results"))
    assert desk_page.select_one("#field option[selected]")["value"] == "results"
    to_comment = desk_page.select_one("#answer-results a[href='#about-results']")
    assert to_comment.text == "1 comment on Results"
    assert desk_page.select_one("#about-results a")["href"] == "#answer-results"
    send(ann, path, {"text": "A year each."}, button="Send the answer")
    assert "A year each." in main(lib.get(desk))
    send(lib, desk, action=f"{path}/resolve")
    assert "Settled by Lib" in main(ann.get(path))
    send(ann, path, action=f"{path}/resolve")
    assert "Settled by" not in main(lib.get(desk))
    answer = post(
        ann, f"{path}/comment", [("csrf", token(ann)), ("answers", "999999"), ("text", "x")]
    )
    assert answer.status_code == 404


def token(client: TestClient) -> str:
    return str(soup(client.get("/account")).find("input", attrs={"name": "csrf"})["value"])


def test_declining_reply_and_appeal_to_another_librarian(browser: Browser) -> None:
    path, desk = sent_in(browser)
    one, two, ann = browser("lib-one"), browser("lib-two"), browser("ann")
    act(one, desk, "Claim it")
    assert "say why" in main(decide(one, desk, "decline"))
    decide(one, desk, "decline", "It tells of no problem.")
    told = main(ann.get(path))
    assert "It tells of no problem." in told
    assert "You may reply, or appeal once" in told
    send(ann, path, {"text": "It does, on page one."}, button="Send")
    assert send(ann, f"{path}/appeal", {"reason": " "}).status_code == 400
    send(ann, f"{path}/appeal", {"reason": "The first paragraph tells it."})
    assert entry_at(path).state == "appealed"
    # Whoever declined it cannot decide the appeal.
    answer = post(one, f"{desk}/claim", [("csrf", token(one)), ("what", "claim")])
    assert answer.status_code == 403
    assert "another librarian has to decide" in main(answer)
    assert "Another librarian than the one who declined it" in main(one.get(desk))
    act(two, desk, "Claim the appeal")
    assert "It does, on page one." in main(two.get(desk))
    decide(two, desk, "decline", "The other decision stands.")
    assert "Appeal to another librarian" not in main(ann.get(path))
    assert "another librarian decided your appeal" in main(ann.get(path))
    assert "appeal once" not in main(ann.get(f"{path}/appeal"))
    again = [("csrf", token(ann)), ("reason", "Again")]
    assert post(ann, f"{path}/appeal", again).status_code == 409
    assert entry_at(path).state == "declined"


def test_an_appeal_can_be_won(browser: Browser) -> None:
    path, desk = sent_in(browser)
    one, two, ann = browser("lib-one"), browser("lib-two"), browser("ann")
    act(one, desk, "Claim it")
    decide(one, desk, "decline", "No.")
    send(ann, f"{path}/appeal", {"reason": "Yes."})
    act(two, desk, "Claim the appeal")
    decide(two, desk, "publish")
    assert entry_at(path).state == "published"


def test_two_reviewers_cannot_both_have_it(browser: Browser) -> None:
    path, desk = sent_in(browser)
    one, two = browser("lib-one"), browser("lib-two")
    opened = one.get(desk), two.get(desk)
    assert all("Claim it" in page.text for page in opened)
    act(one, desk, "Claim it")
    answer = post(two, f"{desk}/claim", [("csrf", token(two)), ("what", "claim")])
    assert answer.status_code == 409
    assert "Claimed by Lib-one" in main(answer), "who was quicker stands there, and what to do"
    assert "Take it over" in main(answer)
    lost = [("csrf", token(two)), ("decision", "decline"), ("reason", "Too <thin>.")]
    answer = post(two, f"{desk}/decide", lost)
    assert answer.status_code == 403
    assert "Too <thin>. It was not sent." in main(answer)
    assert entry_at(path).state == "in-review"
    act(two, desk, "Take it over")
    assert entry_at(path).claimed_by != ""
    answer = post(one, f"{desk}/decide", [("csrf", token(one)), ("decision", "publish")])
    assert answer.status_code == 403


def test_two_entries_that_wait_and_may_be_one_lead_to_each_other(browser: Browser) -> None:
    one, first = sent_in(browser, title="Iron gates in Dove Street", place={"name": "Dovetown"})
    _, second = sent_in(browser, title="Iron gates, Dove Street", place={"name": "Dovetown"})
    sent_in(browser, title="Moped patrols at Wombat Hill", place={"name": "Wombat Hill"})
    told = soup(browser("lib").get(second)).select("[aria-labelledby=checks] .sp-check a")
    assert first in [link["href"] for link in told]
    assert "waits for review too" in main(browser("lib").get(first))
    assert not [link for link in told if "Moped" in link.text]
    assert "waits for review too" not in main(browser("ann").get(one)), "not the author's business"


def test_nobody_reviews_their_own_while_somebody_else_can(browser: Browser) -> None:
    lib = browser("lib")
    browser("lib-two")
    path = begin(lib)
    with session_scope(write=True) as session:
        row = session.get(Entry, path.rpartition("/")[2])
        assert row is not None
        row.content = dict(CASE)
        session.add(row)
    send_in(lib, path)
    desk = f"/desk/reviews/{path.rpartition('/')[2]}"
    answer = post(lib, f"{desk}/claim", [("csrf", token(lib)), ("what", "claim")])
    assert answer.status_code == 403
    assert "your own entry" in main(answer)


def test_the_queue_is_filtered_counted_and_knows_what_is_overdue(browser: Browser) -> None:
    path, desk = sent_in(browser)
    lib = browser("lib")
    send(lib, desk, {"due": "2020-01-31"}, action=f"{desk}/due")
    page = soup(lib.get("/desk?show=overdue"))
    assert "Overdue (1)" in page.find(class_="sp-tabs").text
    assert "Sent in, overdue" in page.find("main").text
    assert send(lib, desk, {"due": "soon"}, action=f"{desk}/due").status_code == 400
    later = (now() + timedelta(days=9)).date().isoformat()
    send(lib, desk, {"due": later}, action=f"{desk}/due")
    assert "Overdue (0)" in main(lib.get("/desk"))
    for words, count in (("MARSH ann", 1), ("marsh nobody", 0)):
        assert f"Waiting for a librarian ({count})" in main(lib.get("/desk", params={"q": words}))
    assert str(entry_at(path).due_on) == later


def test_a_collected_record_is_reviewed_and_published(browser: Browser) -> None:
    lib = browser("lib")
    with session_scope() as session:
        total = len(list(records.load(session, ["hidden-submitted"])))
    assert total == 1
    answer = send(lib, "/desk", action="/desk/records/hidden-submitted")
    desk = answer.url.path
    assert "Collected from elsewhere" in main(answer)
    assert "Ask for changes" not in main(answer)
    decide(lib, desk, "publish")
    with session_scope() as session:
        assert records.get(session, "hidden-submitted").state == "published"


def test_a_collected_record_is_declined(browser: Browser) -> None:
    lib = browser("lib")
    answer = send(lib, "/desk", action="/desk/records/hidden-submitted")
    decide(lib, answer.url.path, "decline", "An advertisement.")
    with session_scope() as session:
        assert records.get(session, "hidden-submitted").state == "withdrawn"


def edit(client: TestClient, record_id: str = "alley-gates") -> str:
    """A librarian's change to a record; returns its address."""
    answer = send(
        client,
        f"/records/{record_id}",
        {"as": "change"},
        action=f"/contribute/records/{record_id}",
    )
    return str(answer.url.path)


def publish(client: TestClient, path: str) -> object:
    return send(client, f"{path}/check", {"then": "publish"}, action=f"{path}/check")


def test_a_librarian_edits_a_published_record(browser: Browser) -> None:
    lib = browser("lib")
    path = edit(lib)
    answer = publish(lib, path)
    assert answer.status_code == 400
    assert "Nothing was changed" in main(answer)
    fill_page(lib, path, "title", summary="Residents and the council shut the alleys.")
    answer = publish(lib, path)
    assert answer.url.path == "/records/alley-gates"
    assert "shut the alleys" in main(answer)
    with session_scope() as session:
        found = records.get(session, "alley-gates")
        assert (found.version, found.state, found.door) == (2, "published", "file")


def test_two_librarians_edit_one_record_and_neither_is_overwritten(browser: Browser) -> None:
    one, two = browser("lib-one"), browser("lib-two")
    mine, theirs = edit(one), edit(two)
    fill_page(one, mine, "title", title="Gates by the first", summary="Only the first said this.")
    fill_page(two, theirs, "title", title="Gates by the second")
    fill_page(two, theirs, "cost", cost_note="Only the second said this.")
    publish(one, mine)
    answer = publish(two, theirs)
    assert answer.url.path == f"{theirs}/both"
    told = main(answer)
    assert "Gates by the first" in told
    assert "Gates by the second" in told
    assert "Keep what the record says now" in told
    assert "Alley gates against burglary" in told
    with session_scope() as session:
        assert records.get(session, "alley-gates").content.title == "Gates by the first"
    send(two, f"{theirs}/both", {"pick:title": "mine"}, action=f"{theirs}/both")
    publish(two, theirs)
    with session_scope() as session:
        found = records.get(session, "alley-gates").content
    assert found.title == "Gates by the second"
    assert found.summary == "Only the first said this."
    assert found.cost_note == "Only the second said this."


def test_a_suggested_change_is_reviewed_and_joined_with_what_changed_since(
    browser: Browser,
) -> None:
    ann, lib = browser("ann"), browser("lib")
    path = edit(ann)
    fill_page(ann, path, "cost", cost_note="Fifty pounds a gate a year.")
    send_in(ann, path)
    other = edit(lib)
    fill_page(lib, other, "title", title="A new title meanwhile")
    publish(lib, other)
    desk = f"/desk/reviews/{path.rpartition('/')[2]}"
    act(lib, desk, "Claim it")
    page = soup(lib.get(desk))
    assert [head.text for head in page.select(".sp-change h3")] == ["About the cost"]
    decide(lib, desk, "publish")
    with session_scope() as session:
        found = records.get(session, "alley-gates").content
    assert found.cost_note == "Fifty pounds a gate a year."
    assert found.title == "A new title meanwhile"


def test_a_suggestion_never_shows_or_drops_what_is_withheld(browser: Browser) -> None:
    with session_scope() as session:
        content = records.get(session, "alley-gates").content
    held = content.model_copy(
        update={
            "contacts": [
                type(content)
                .model_validate({"contacts": [{"role": "Warden", "person": "Zorro Secretname"}]})
                .contacts[0]
            ]
        }
    )
    save(held)
    ann, lib = browser("ann"), browser("lib")
    path = edit(ann)
    assert "Secretname" not in ann.get(f"{path}/contacts").text
    fill_page(ann, path, "cost", cost_note="New.")
    send_in(ann, path)
    desk = f"/desk/reviews/{path.rpartition('/')[2]}"
    act(lib, desk, "Claim it")
    decide(lib, desk, "publish")
    with session_scope() as session:
        found = records.get(session, "alley-gates").content
    assert found.contacts[0].person == "Zorro Secretname"
    assert found.cost_note == "New."


def test_a_withdrawn_record_is_not_begun_from(browser: Browser) -> None:
    set_state("alley-gates", "withdrawn")
    ann = browser("ann")
    answer = post(ann, "/contribute/records/alley-gates", [("csrf", token(ann)), ("as", "change")])
    assert answer.status_code == 404
    with session_scope() as session:
        assert session.exec(select(Entry)).all() == []


def test_everything_at_the_desk_is_reached_from_it(browser: Browser) -> None:
    lib = browser("lib")
    links = soup(lib.get("/desk")).select("main .govuk-list a")
    paths = [str(link["href"]) for link in links]
    assert len(paths) == len(set(paths)), "each once"
    inside = {"audit", "duplicates", "import", "links", "thin", "tried", "upkeep", "vocabularies"}
    assert {f"/desk/{name}" for name in inside} <= set(paths)
    for path in paths:
        assert lib.get(path).status_code == 200, path
