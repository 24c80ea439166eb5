"""Writing an entry: begun, filled in page by page, checked, sent in, taken back, deleted."""

from collections.abc import Callable

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from kb.audit import AuditEntry
from kb.curation.models import Entry
from kb.curation.sections import sections
from kb.database import session_scope
from kb.records import FIELDS
from tests.web.conftest import the_app
from tests.web.entries import begin, fill, fill_page, send_in
from tests.web.people import filled, form_of, mails, person, post, send, send_again, sign_in, soup


@pytest.fixture
def ann(client: TestClient) -> TestClient:
    person("ann")
    return sign_in(client)


def the_entry() -> Entry:
    with session_scope() as session:
        return session.exec(select(Entry)).one()


def main(answer: object) -> str:
    return " ".join(soup(answer).find("main").text.split())


def test_a_visitor_is_told_how_it_works_and_asked_to_sign_in(client: TestClient) -> None:
    assert "Sign in to begin" in main(client.get("/contribute"))


def test_the_form_asks_for_every_field_once() -> None:
    asked = [spec.name for one in sections() for spec in one.fields]
    assert sorted(asked) == sorted(spec.name for spec in FIELDS if spec.asked == "all")
    curators = [spec.name for one in sections(curator=True) for spec in one.fields]
    assert sorted(curators) == sorted(spec.name for spec in FIELDS if spec.asked != "nobody")


def test_every_page_of_the_form_opens_with_help_and_example(ann: TestClient) -> None:
    entry = begin(ann)
    for one in sections():
        page = soup(ann.get(f"{entry}/{one.id}"))
        assert page.find("h1").text == one.title
        for spec in one.fields:
            if spec.example and not spec.columns:
                assert f"Example: {spec.example}" in page.text, spec.name
            assert spec.title in page.text


def test_from_blank_to_sent_in(ann: TestClient) -> None:
    entry = begin(ann)
    assert "Nobody else sees it" in main(ann.get(entry))
    fill(ann, entry)
    page = ann.get(f"{entry}/check")
    assert "Burglars came through the back alleys" in main(page)
    assert "Change" in main(page)
    answer = send_in(ann, entry)
    assert "Your entry was sent in" in answer.text
    assert "Nobody has reviewed it yet" in main(answer)
    held = the_entry()
    assert held.state == "submitted"
    assert held.due_on is not None
    assert held.content["results"][0]["before"] == "120"
    assert [mail.subject for mail in mails("entry_news")] == [
        "We have your entry: Alley gates against burglary in Marsh Lane"
    ]
    with session_scope() as session:
        actions = [
            row.action
            for row in session.exec(select(AuditEntry).where(AuditEntry.subject_type == "entry"))
        ]
    assert actions == ["entry.begun", "entry.submit"]


def test_nothing_is_sent_unfinished_and_the_gaps_are_named(ann: TestClient) -> None:
    entry = begin(ann)
    fill_page(ann, entry, "title", title="Gates")
    answer = send_in(ann, entry)
    assert answer.status_code == 400
    told = main(answer)
    for name in ("Summary: required", "Problem: required", "Place: required"):
        assert name in told
    assert "Needed before it can be published" in told
    later = {link.text for link in soup(answer).select("details .sp-check a")}
    assert "Partners" in later
    assert "Summary" not in later, "that is needed sooner"
    assert the_entry().state == "draft"


def test_nothing_is_sent_without_the_promise(ann: TestClient) -> None:
    entry = begin(ann)
    fill(ann, entry)
    answer = send(ann, f"{entry}/check", {"then": "send"}, action=f"{entry}/check")
    assert answer.status_code == 400
    assert the_entry().state == "draft"


def test_what_is_wrong_is_said_and_nothing_is_lost(ann: TestClient) -> None:
    entry = begin(ann)
    answer = fill_page(
        ann, entry, "where", started="last spring", place={"name": "Hull", "latitude": "north"}
    )
    assert answer.status_code == 400
    page = soup(answer)
    assert page.find("input", attrs={"name": "started"})["value"] == "last spring"
    assert page.find("input", attrs={"name": "place.1.latitude"})["value"] == "north"
    assert "give a year (2009)" in page.find(class_="govuk-error-summary").text
    assert the_entry().content["place"] == {"name": "Hull", "latitude": "north"}
    fill_page(ann, entry, "where", started="2009", place={"name": "Hull", "latitude": "53.7"})
    assert the_entry().content["place"] == {"name": "Hull", "latitude": 53.7}
    answer = fill_page(ann, entry, "where", started="31/31/2009")
    assert "There is no such day or month" in main(answer)
    fill_page(ann, entry, "where", started="5/3/2009")
    assert "5 March 2009" in main(ann.get(f"{entry}/check"))


def test_too_many_words_are_kept_and_counted(ann: TestClient) -> None:
    entry = begin(ann)
    answer = fill_page(ann, entry, "title", title="A title", summary="word " * 130)
    assert answer.status_code == 400
    assert "130 of at most 100 words" in main(answer)
    assert soup(answer).find(id="summary-error").text.strip().endswith("At most 100 words")
    assert len(the_entry().content["summary"].split()) == 130


def test_hostile_text_is_shown_as_text(ann: TestClient) -> None:
    entry = begin(ann)
    nasty = "<script>alert(1)</script>\x00{{ 7*7 }}\u202e"
    fill_page(ann, entry, "title", title=nasty, summary=nasty)
    for path in ("/contribute", entry, f"{entry}/title", f"{entry}/check"):
        answer = ann.get(path)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.text
        assert "\x00" not in answer.text


def test_rows_are_added_and_removed_without_scripts(ann: TestClient) -> None:
    entry = begin(ann)
    address = f"{entry}/cost"
    answer = send(ann, address, {"then": "add:costs"}, action=address)
    assert soup(answer).find("input", attrs={"name": "costs.1.item"})
    form = form_of(answer, action=address)
    pairs = [(n, v) for n, v in filled(form) if n not in ("costs.1.item", "costs.1.low")]
    pairs += [("costs.1.item", "Gates"), ("costs.1.low", "£12,000"), ("then", "add:costs")]
    answer = post(ann, address, pairs)
    assert the_entry().content["costs"] == [{"item": "Gates", "low": 12000.0}]
    form = form_of(answer, action=address)
    pairs = [(n, v) for n, v in filled(form) if n != "costs.2.item"]
    post(ann, address, [*pairs, ("costs.2.item", "Keys"), ("then", "list")])
    assert [row["item"] for row in the_entry().content["costs"]] == ["Gates", "Keys"]
    asked = send(ann, address, {"costs.1.item": "Old", "then": "remove:costs.1"}, action=address)
    assert "Remove Costs 1?" in main(asked)
    assert "Old" in main(asked)
    assert [row["item"] for row in the_entry().content["costs"]] == ["Old", "Keys"]
    send_again(ann, asked, action=address)
    assert [row["item"] for row in the_entry().content["costs"]] == ["Keys"]
    blank = send(ann, address, {"then": "add:costs"}, action=address)
    gone = send_again(ann, blank, {"then": "remove:costs.2"}, action=address)
    assert "Remove" not in soup(gone).find("h1").text
    assert [row["item"] for row in the_entry().content["costs"]] == ["Keys"]


def test_a_page_that_saves_itself_leaves_no_trace_in_the_history(ann: TestClient) -> None:
    entry = begin(ann)
    address = f"{entry}/title"
    form = form_of(ann.get(address), action=address)
    for text in ("A", "Al", "Alley", "Alley gates"):
        pairs = [(n, v) for n, v in filled(form) if n not in ("title", "base")]
        told = post(
            ann,
            address,
            [*pairs, ("title", text), ("base", the_base(ann, address)), ("then", "autosave")],
        )
        assert told.status_code == 200
        assert told.json()["clash"] == []
    assert the_entry().content["title"] == "Alley gates"
    with session_scope() as session:
        rows = session.exec(select(AuditEntry).where(AuditEntry.subject_type == "entry")).all()
    assert [row.action for row in rows] == ["entry.begun"]


def the_base(client: TestClient, address: str) -> str:
    return str(soup(client.get(address)).find("input", attrs={"name": "base"})["value"])


def test_two_windows_lose_nothing(ann: TestClient) -> None:
    entry = begin(ann)
    address = f"{entry}/title"
    fill_page(ann, entry, "title", title="First", summary="Same for both")
    one, two = ann.get(address), ann.get(address)

    def type_in(opened: object, **changes: str) -> object:
        form = form_of(opened, action=address)
        pairs = [(n, v) for n, v in filled(form) if n not in changes]
        return post(ann, address, [*pairs, *changes.items(), ("then", "list")])

    type_in(one, title="From one window")
    answer = type_in(two, summary="From the other")
    assert answer.status_code == 200
    assert the_entry().content["title"] == "From one window"
    assert the_entry().content["summary"] == "From the other"
    answer = type_in(two, title="From two", summary="Same for both")
    assert answer.status_code == 409
    told = main(answer)
    assert "From one window" in told
    assert "From two" in told
    assert "First" in told
    assert the_entry().content["title"] == "From one window"
    form = form_of(answer, action=address)
    pairs = [(n, v) for n, v in filled(form) if n != "pick:title"]
    post(ann, address, [*pairs, ("pick:title", "theirs")])
    assert the_entry().content["title"] == "From one window"
    post(ann, address, [*pairs, ("pick:title", "mine")])
    assert the_entry().content["title"] == "From two"


def test_what_was_typed_in_a_page_that_is_closed_by_now_is_shown_again(ann: TestClient) -> None:
    entry = begin(ann)
    fill(ann, entry)
    stale = ann.get(f"{entry}/title")
    before = the_entry().content
    send_in(ann, entry)
    late = send_again(ann, stale, {"summary": "Typed <i>late</i>"}, action=f"{entry}/title")
    assert late.status_code == 403
    assert "stands at “Sent in”" in main(late)
    assert (
        soup(late).find("textarea", attrs={"name": "summary"}).text.strip() == "Typed <i>late</i>"
    )
    assert soup(late).find(attrs={"name": "title"}) is None, "that was not typed anew"
    assert the_entry().content == before


def test_a_name_is_pointed_out_where_it_stands(ann: TestClient) -> None:
    entry = begin(ann)
    fill_page(ann, entry, "origin", endorser="Inspector Jane Doe")
    assert "It may name a person" not in main(ann.get(entry))
    fill_page(ann, entry, "learning", learning_do="Ask PC Smith first.")
    link = next(one for one in soup(ann.get(entry)).select(".sp-check a") if "PC Smith" in one.text)
    assert link["href"].startswith(f"{entry}/learning#ask-")


def test_taking_back_opening_again_and_deleting(ann: TestClient) -> None:
    entry = begin(ann)
    fill(ann, entry)
    send_in(ann, entry)
    answer = send(ann, entry, button="Take it back")
    assert "You took it back" in main(answer)
    answer = send(ann, entry, button="Open it again")
    assert the_entry().state == "draft"
    assert "Delete it for good" not in main(answer)  # it was seen by others once
    other = begin(ann)
    answer = send(ann, other, button="Delete it for good")
    assert ann.get(other).status_code == 404
    assert answer.url.path == "/contribute"


def test_nobody_else_sees_a_draft(client: TestClient, ann: TestClient) -> None:

    entry = begin(ann)
    fill_page(ann, entry, "title", title="Quincunxwombat")
    for name, roles in (("bob", ("contributor",)), ("lib", ("librarian",)), ("adm", ("admin",))):
        person(name, *roles)
        other = sign_in(TestClient(the_app(), raise_server_exceptions=False), name)
        token = soup(other.get("/account")).find("input", attrs={"name": "csrf"})["value"]
        for path in (entry, f"{entry}/title", f"{entry}/check", f"{entry}/appeal"):
            answer = other.get(path)
            assert answer.status_code == 404, (name, path)
        for path in ("title", "check", "step", "comment", "resolve", "appeal", "files"):
            answer = post(other, f"{entry}/{path}", [("csrf", token), ("title", "x"), ("id", "1")])
            assert answer.status_code in (400, 404), (name, path)
        for path in ("/desk", "/search?q=quincunxwombat", "/contribute", "/"):
            assert "Quincunxwombat" not in other.get(path).text
    assert the_entry().content["title"] == "Quincunxwombat"


def test_trying_it_too_carries_over_what_stays_the_same(
    ann: TestClient, page: Callable[..., object]
) -> None:
    answer = send(
        ann,
        "/records/alley-gates",
        {"as": "tried"},
        action="/contribute/records/alley-gates",
    )
    held = the_entry()
    assert held.content["replicates"] == ["alley-gates"]
    assert held.content["response_types"] == ["harden-targets"]
    assert "title" not in held.content
    assert "results" not in held.content
    assert "from the record you copied" in main(ann.get(f"{answer.url.path}/response"))


def test_a_change_to_a_record_by_its_reader_has_to_differ(ann: TestClient) -> None:
    answer = send(
        ann, "/records/alley-gates", {"as": "change"}, action="/contribute/records/alley-gates"
    )
    entry = answer.url.path
    answer = send_in(ann, entry)
    assert answer.status_code == 400
    assert "Nothing was changed yet" in main(answer)
    fill_page(ann, entry, "title", title="Alley gates in Marsh Lane, two years on")
    assert "sent in" in send_in(ann, entry).text
