"""What people say of records: verdicts, notes, totals, adoptions, saved searches, teams."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from kb import jobs, migrations
from kb.audit import AuditEntry
from kb.database import now, session_scope
from kb.records import service as records
from kb.records.errors import RecordNotFound
from kb.trails import adoptions, feedback, saved, service, teams, usefulness, verdicts
from kb.trails.access import Viewer
from kb.trails.errors import (
    EntryInvalid,
    ProposalDecided,
    TeamNotFound,
    TrailNotFound,
    TrailReadOnly,
)
from kb.trails.feedback import Judgement
from kb.trails.models import Annotation, SavedSearch
from kb.trails.recorder import note_query
from kb.trails.rerun import Found
from kb.trails.saved import DigestMail
from kb.trails.usefulness import Totals
from kb.trails.verdicts import PRIOR_LIMIT, useful_prior
from tests.factories import entry, practice

ANN, BOB, EVE = Viewer(account="ann"), Viewer(account="bob"), Viewer(account="eve")
GUEST = Viewer(session_key="a browser's key")
KEY, POOR = {"useful": "key"}, {"useful": "not-useful"}


@pytest.fixture
def session(store: Path) -> Iterator[Session]:
    """A session on a store with two public records and one draft."""
    with session_scope(write=True) as opened:
        _save(opened, "gates", "Alley gates in Marsh Lane")
        _save(opened, "lamps", "Street lamps in Harbour Road")
        _save(opened, "hidden", "Not to be seen", state="draft")
        yield opened


def _save(session: Session, record_id: str, title: str, state: str = "published") -> None:
    content = practice(id=record_id, title=title)
    records.save(session, content, door="form", actor="a", state=state)


# --- verdicts ---------------------------------------------------------------------------------


def test_the_newest_verdict_counts_and_the_others_are_kept(session: Session) -> None:
    usefulness.annotate(session, ANN, "gates", {"useful": "Background", "why": ["too thin"]})
    usefulness.annotate(session, ANN, "gates", {**KEY, "used_for": "bid", "note": "Good"})
    mine = usefulness.verdict_of(session, ANN, "gates")
    assert mine is not None
    assert (mine.useful, mine.used_for, mine.note) == (3, "bid", "Good")
    assert [row.useful for row in usefulness.history(session, ANN, "gates")] == [3, 1]
    assert usefulness.totals(session, ["gates", "lamps"])["gates"].useful == {3: 1}
    usefulness.take_back(session, ANN, "gates")
    usefulness.take_back(session, ANN, "lamps")
    assert usefulness.verdict_of(session, ANN, "gates") is None
    assert usefulness.totals(session, ["gates"]) == {}
    assert len(usefulness.history(session, ANN, "gates")) == 3


def test_verdicts_need_a_public_record_and_a_known_level(session: Session) -> None:
    for record in ("hidden", "none"):
        with pytest.raises(RecordNotFound):
            usefulness.annotate(session, ANN, record, KEY)
    for bad in ({}, {"useful": "5"}, {**KEY, "why": ["nice"]}, {**KEY, "visibility": "world"}):
        with pytest.raises(EntryInvalid):
            usefulness.annotate(session, ANN, "gates", bad)
    with pytest.raises(TrailReadOnly):
        usefulness.annotate(session, Viewer(), "gates", KEY)
    assert session.exec(select(Annotation)).all() == []


def test_a_verdict_in_a_trail_is_a_result_there(session: Session) -> None:
    trail = service.open_trail(session, ANN, brief={"problem_types": ["burglary-dwelling"]})
    said = {**KEY, "why": ["same-problem"], "note": "Read it"}
    usefulness.annotate(session, ANN, "gates", said, trail_id=trail)
    (result,) = service.view(session, trail, ANN).state.results
    assert (result.record, result.useful, result.note) == ("gates", "key", "Read it")
    mine = usefulness.verdict_of(session, ANN, "gates")
    assert mine is not None
    assert mine.problem_types == ["burglary-dwelling"]
    service.pause(session, trail, ANN)
    usefulness.annotate(session, ANN, "lamps", KEY, trail_id=trail)
    assert len(service.view(session, trail, ANN).state.results) == 1
    with pytest.raises(TrailNotFound):
        usefulness.annotate(session, EVE, "gates", KEY, trail_id=trail)
    service.delete_trail(session, trail, ANN)
    session.expire_all()
    assert usefulness.verdict_of(session, ANN, "gates") is not None


def test_a_visitors_verdict_is_kept_at_sign_in_but_speaks_to_nobody_before(
    session: Session,
) -> None:
    said = {**KEY, "note": "Hello all", "visibility": "all"}
    usefulness.annotate(session, GUEST, "gates", said)
    assert usefulness.totals(session, ["gates"]) == {}
    assert usefulness.notes(session, BOB, "gates") == []
    assert len(usefulness.notes(session, GUEST, "gates")) == 1
    service.claim(session, GUEST.session_key, "ann")
    assert usefulness.totals(session, ["gates"])["gates"].people == 1
    assert len(usefulness.notes(session, ANN, "gates")) == 1
    assert usefulness.notes(session, GUEST, "gates") == []


def test_who_may_read_a_note(session: Session) -> None:
    team = teams.create(session, "ann", "Bid team")
    teams.invite(session, team, "ann", "bob")
    teams.accept(session, team, "bob")
    teams.invite(session, team, "ann", "carol")  # has not accepted
    for visibility, readers in (
        ("me", {"ann"}),
        ("team", {"ann", "bob"}),
        ("all", {"ann", "bob", "carol", "eve", ""}),
    ):
        said = {**KEY, "note": "Ask for the keys", "visibility": visibility}
        usefulness.annotate(session, ANN, "gates", said)
        found = {
            name
            for name in ("ann", "bob", "carol", "eve", "account:ann", "")
            if usefulness.notes(session, Viewer(account=name), "gates")
        }
        assert found - {"account:ann"} == readers
    usefulness.annotate(session, BOB, "gates", {**KEY, "note": "x", "visibility": "team"})
    assert {row.owner for row in usefulness.notes(session, EVE, "gates")} == {"account:ann"}
    teams.leave(session, team, "bob")
    assert {row.owner for row in usefulness.notes(session, ANN, "gates")} == {"account:ann"}


def _people(session: Session, verdicts: list[tuple[str, list[str], list[str]]]) -> None:
    """One verdict each from p0, p1 …: level, reasons, problems of the trail it was given in."""
    for number, (useful, why, problems) in enumerate(verdicts):
        viewer = Viewer(account=f"p{number}")
        trail = service.open_trail(session, viewer, brief={"problem_types": problems})
        said = {"useful": useful, "why": why}
        usefulness.annotate(session, viewer, "gates", said, trail_id=trail)


def test_totals_in_words(session: Session) -> None:
    burglary = ["burglary-dwelling"]
    _people(
        session,
        [("key", ["same-problem"], burglary)] * 9
        + [("background", ["wrong-context"], burglary)] * 2
        + [("useful", [], ["burglary-business"])]
        + [("not-useful", ["too-thin"], ["arson"])],
    )
    found = usefulness.totals(session, ["gates"], "burglary")["gates"]
    assert found.in_words() == (
        "9 of 12 people working on burglary found this key; setting differed for 2"
    )
    everybody = usefulness.totals(session, ["gates"])["gates"].in_words()
    assert everybody == ("9 of 13 people found this key; setting differed for 2; too thin for 1")
    # Nobody worked on this, so all are counted, and it does not say otherwise.
    assert usefulness.totals(session, ["gates"], "road-safety")["gates"].in_words() == everybody


@pytest.mark.parametrize(
    ("useful", "words"),
    [
        ({}, ""),
        ({3: 1}, "1 person found this key"),
        ({2: 2}, "2 people found this useful"),
        ({3: 1, 2: 2, 0: 1}, "3 of 4 people found this useful or key"),
        ({0: 3, 1: 1}, "3 of 4 people found this of no use"),
        ({1: 3, 0: 1}, "3 of 4 people found this good to know at least"),
    ],
)
def test_what_most_people_said(useful: dict[int, int], words: str) -> None:
    assert Totals(people=sum(useful.values()), useful=useful).in_words() == words


# --- what verdicts feed -----------------------------------------------------------------------


@given(st.dictionaries(st.integers(0, 3), st.integers(0, 10_000)))
def test_the_prior_is_bounded(counts: dict[int, int]) -> None:
    assert -PRIOR_LIMIT <= useful_prior(counts) <= PRIOR_LIMIT


@given(
    st.dictionaries(st.integers(0, 3), st.integers(0, 500)), st.integers(0, 3), st.integers(1, 9)
)
def test_better_verdicts_never_lower_the_prior(
    counts: dict[int, int], level: int, more: int
) -> None:
    worse, better = dict(counts), dict(counts)
    worse[0] = worse.get(0, 0) + more
    better[level] = better.get(level, 0) + more
    assert useful_prior(worse) <= useful_prior(better)
    key = {**counts, 3: counts.get(3, 0) + more}
    assert useful_prior(better) <= useful_prior(key)


def test_few_verdicts_move_little(session: Session) -> None:
    assert useful_prior({}) == 0
    assert useful_prior({3: 1}) < PRIOR_LIMIT / 5
    assert useful_prior({3: 100}) > PRIOR_LIMIT * 0.9
    usefulness.annotate(session, ANN, "gates", KEY)
    usefulness.annotate(session, ANN, "gates", POOR)
    usefulness.annotate(session, GUEST, "gates", KEY)
    assert verdicts.priors(session) == {"gates": useful_prior({0: 1})}


def test_librarians_see_what_is_thin_or_misleading(session: Session) -> None:
    thin = {"useful": "background", "why": ["too-thin", "broken-link"]}
    for viewer in (ANN, BOB):
        usefulness.annotate(session, viewer, "gates", thin)
        usefulness.annotate(session, viewer, "lamps", {**KEY, "why": ["wrong-context"]})
    usefulness.annotate(session, EVE, "gates", POOR)
    (found,) = feedback.doubted(session)
    assert (found.record.id, found.people, found.not_useful) == ("gates", 3, 1)
    assert found.reasons == {"too-thin": 2, "broken-link": 2}
    assert feedback.doubted(session, least=4) == []
    records.set_state(session, "gates", "withdrawn", actor="a")
    assert feedback.doubted(session) == []


def test_verdicts_become_judgements(session: Session) -> None:
    trail = service.open_trail(session, ANN)
    params = [("q", "Alley  Gates"), ("stage", "x")]
    note_query(session, trail, ANN, params=params, total=1, top=["gates"])
    note_query(session, trail, ANN, params=[("q", "lamps")], total=1, top=["lamps"])
    usefulness.annotate(session, ANN, "gates", KEY, trail_id=trail)
    usefulness.annotate(session, BOB, "gates", {"useful": "useful"}, query="alley gates")
    usefulness.annotate(session, EVE, "lamps", POOR, query="lighting")
    usefulness.annotate(session, Viewer(account="fay"), "lamps", KEY)  # no search led there
    assert list(feedback.judgements(session)) == [
        Judgement("alley gates", "gates", 3),  # 3 and 2 average to 2.5
        Judgement("lighting", "lamps", 0),
    ]


# --- teams ------------------------------------------------------------------------------------


def test_nobody_is_put_into_a_team_without_accepting(session: Session) -> None:
    team = teams.create(session, "ann", "Bid  team")
    for act in (
        lambda: teams.invite(session, team, "eve", "bob"),
        lambda: teams.accept(session, team, "eve"),
        lambda: teams.members(session, team, "eve"),
    ):
        with pytest.raises(TeamNotFound):
            act()
    teams.invite(session, team, "ann", "bob")
    teams.invite(session, team, "ann", "bob")
    assert teams.teammates(session, "bob") == {"bob"}
    with pytest.raises(TeamNotFound):
        teams.invite(session, team, "bob", "eve")  # not before he accepts
    teams.accept(session, team, "bob")
    teams.accept(session, team, "bob")
    assert teams.teammates(session, "bob") == {"ann", "bob"}
    assert [place.account for place in teams.members(session, team, "ann")] == ["ann", "bob"]
    assert [(found.name, state) for found, state in teams.of(session, "bob")] == [
        ("Bid team", "member")
    ]
    teams.leave(session, team, "ann")
    teams.leave(session, team, "bob")
    assert teams.of(session, "bob") == []
    with pytest.raises(EntryInvalid):
        teams.create(session, "ann", " ")


# --- we tried it too --------------------------------------------------------------------------

TRIED = {"who": "Slough", "where": "Langley", "started": "2026", "direction": "better"}


def test_an_accepted_adoption_becomes_a_row_of_the_record(session: Session) -> None:
    proposal = adoptions.propose(session, "ann", "gates", {**TRIED, "record": "lamps"})
    assert records.get(session, "gates").content.adoptions == []
    assert [row.id for row in adoptions.waiting(session)] == [proposal]
    assert adoptions.accept(session, proposal, "lib")
    (row,) = records.get(session, "gates").content.adoptions
    assert (row.who, row.direction, row.record) == ("Slough", "better", "lamps")
    assert records.get(session, "gates").version == 2
    with pytest.raises(ProposalDecided):
        adoptions.decline(session, proposal, "lib", "no")
    with pytest.raises(ProposalDecided):
        adoptions.accept(session, proposal, "lib")
    assert len(records.get(session, "gates").content.adoptions) == 1
    assert adoptions.waiting(session) == []


def test_proposals_are_checked_and_can_be_declined(session: Session) -> None:
    for bad in ({"who": "x"}, {**TRIED, "direction": "up"}, {**TRIED, "record": "hidden"}):
        with pytest.raises(EntryInvalid):
            adoptions.propose(session, "ann", "gates", bad)
    with pytest.raises(RecordNotFound):
        adoptions.propose(session, "ann", "hidden", TRIED)
    proposal = adoptions.propose(session, "ann", "gates", TRIED)
    with pytest.raises(EntryInvalid):
        adoptions.decline(session, proposal, "lib", " ")
    adoptions.decline(session, proposal, "lib", "Which estate?")
    assert adoptions.adoptions(session, records.get(session, "gates")) == []
    actions = [entry.action for entry in session.exec(select(AuditEntry))]
    assert {"adoption.proposed", "adoption.declined"} <= set(actions)


def test_a_collected_record_keeps_the_adoption_beside_it(session: Session) -> None:
    kept = records.save(
        session, entry(), door="harvest", actor="c", state="published-unverified"
    ).id
    proposal = adoptions.propose(session, "ann", kept, TRIED)
    in_record = adoptions.accept(session, proposal, "lib")
    assert [row.who for row in adoptions.adoptions(session, records.get(session, kept))] == [
        "Slough"
    ]
    assert in_record is bool(records.get(session, kept).content.adoptions)
    again = records.save(session, entry(), door="harvest", actor="c", state="published-unverified")
    assert again.outcome == "same"


def test_a_chain_goes_both_ways_and_never_in_a_circle(session: Session) -> None:
    content = practice(id="copy", title="Copied gates", replicates=["gates", "hidden"])
    records.save(session, content, door="form", actor="a", state="published")
    for record, own in (("gates", "copy"), ("copy", "gates"), ("gates", "")):
        said = {**TRIED, "who": own or "Bath", "record": own}
        adoptions.accept(session, adoptions.propose(session, "ann", record, said), "lib")
    found = [(link.depth, link.record) for link in adoptions.chain(session, "copy")]
    assert found == [(-1, "gates"), (0, "copy"), (1, "gates")]
    down = [(link.depth, link.record) for link in adoptions.chain(session, "gates")]
    assert down == [(0, "gates"), (1, "copy"), (2, "gates"), (1, "")]
    records.set_state(session, "copy", "withdrawn", actor="a")
    hidden = adoptions.chain(session, "gates")
    assert [link.record for link in hidden] == ["gates", "", ""]
    assert "Copied" not in str(hidden)
    with pytest.raises(RecordNotFound):
        adoptions.chain(session, "copy")


# --- saved searches ---------------------------------------------------------------------------

GATES = [("q", "gates & keys"), ("problem", "burglary-dwelling"), ("page", "2"), ("mode", "")]


def _found(*ids: str) -> Found:
    return Found(list(ids))


def _saved(session: Session, frequency: str = "daily", *ids: str) -> int:
    return saved.save_search(session, ANN, "Gates", GATES, found=_found(*ids), frequency=frequency)


def test_a_saved_search_keeps_our_own_parameters(session: Session) -> None:
    kept = _saved(session, "none", "gates")
    (row,) = saved.searches(session, ANN)
    assert saved.params_of(row) == GATES[:2]
    assert (row.id, row.due_at, list(row.seen)) == (kept, None, ["gates"])
    assert _saved(session, "weekly", "gates", "lamps") == kept
    (row,) = saved.searches(session, ANN)
    assert list(row.seen) == ["gates"]  # saving again is no reason to hide what is new
    for bad in ({"name": " "}, {"frequency": "hourly"}):
        values = {"name": "x", "frequency": "none", **bad}
        with pytest.raises(EntryInvalid):
            saved.save_search(
                session,
                ANN,
                values["name"],
                GATES,
                found=_found(),
                frequency=values["frequency"],
            )
    with pytest.raises(TrailReadOnly):
        saved.save_search(session, GUEST, "x", GATES, found=_found())


def test_a_saved_search_is_its_owners_alone(session: Session) -> None:
    kept = _saved(session)
    for viewer in (EVE, GUEST, Viewer(), Viewer(account="account:ann")):
        assert saved.searches(session, viewer) == []
        for act in (
            lambda v=viewer: saved.change(session, v, kept, name="x"),
            lambda v=viewer: saved.remove(session, v, kept),
        ):
            with pytest.raises(TrailNotFound):
                act()
    saved.change(session, ANN, kept, name="Gates again", frequency="weekly")
    assert saved.searches(session, ANN)[0].name == "Gates again"
    saved.remove(session, ANN, kept)
    assert saved.searches(session, ANN) == []


def test_a_digest_tells_what_is_new_or_changed_once(session: Session) -> None:
    kept = _saved(session, "daily", "gates")
    assert saved.due(session) == []
    day = timedelta(days=1, seconds=1)
    assert saved.due(session, now() + day) == [kept]
    _save(session, "gates", "Alley gates, now with keys")
    asked = []

    def run(params: list[tuple[str, str]]) -> Found:
        asked.append(params)
        return _found("lamps", "gates", "hidden")

    assert saved.digest(session, kept, run) is None  # not due yet
    first = saved.digest(session, kept, run, now() + day)
    assert first is not None
    assert asked == [GATES[:2]]
    assert first.context["new"] == [{"id": "lamps", "title": "Street lamps in Harbour Road"}]
    assert first.context["changed"] == [{"id": "gates", "title": "Alley gates, now with keys"}]
    assert (first.account_id, first.template) == ("ann", "digest")
    # It is not due again at once, whoever asks; and then there is nothing to tell.
    assert saved.digest(session, kept, run, now() + day) is None
    assert saved.digest(session, kept, run, now() + day * 2) is None
    # What drops out of an index for a while and comes back as it was is no news.
    assert saved.digest(session, kept, lambda _: _found(), now() + day * 3) is None
    assert saved.digest(session, kept, run, now() + day * 4) is None
    _save(session, "lamps", "Street lamps, cleaned")
    second = saved.digest(session, kept, run, now() + day * 5)
    assert second is not None
    assert second.message_id != first.message_id
    assert (second.context["new_count"], second.context["changed_count"]) == (0, 1)


def test_a_crash_before_the_commit_skips_nothing_and_repeats_the_same_mail(
    store: Path,
) -> None:
    with session_scope(write=True) as opened:
        _save(opened, "gates", "Alley gates")
        kept = _saved(opened)
    later = now() + timedelta(days=2)
    mails: list[DigestMail] = []

    def tell(*, crash: bool) -> None:
        with session_scope(write=True) as opened:
            mail = saved.digest(opened, kept, lambda _: _found("gates"), later)
            if mail is not None:
                mails.append(mail)
                jobs.enqueue(opened, "test.mail", {"id": mail.message_id}, key=mail.message_id)
            if crash:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tell(crash=True)
    tell(crash=False)
    tell(crash=False)
    assert mails[0] == mails[1]
    assert len(mails) == 2
    with session_scope() as opened:
        queued = opened.exec(select(jobs.Job).where(jobs.Job.name == "test.mail")).all()
    assert [job.payload for job in queued] == [{"id": mails[0].message_id}]


def test_two_senders_at_once_tell_once(empty_store: Engine) -> None:
    migrations.upgrade()
    with session_scope(write=True) as opened:
        _save(opened, "gates", "Alley gates")
        kept = _saved(opened)
    later = now() + timedelta(days=2)
    told: list[DigestMail | None] = []

    def send() -> None:
        with session_scope(write=True) as opened:
            told.append(saved.digest(opened, kept, lambda _: _found("gates"), later))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 4
    assert len([mail for mail in told if mail is not None]) == 1


def test_one_click_ends_the_mails_but_keeps_the_search(session: Session) -> None:
    kept = _saved(session)
    row = session.get(SavedSearch, kept)
    assert row is not None
    assert saved.unsubscribe(session, "guess") is None
    assert saved.unsubscribe(session, row.unsubscribe_token) == "Gates"
    assert saved.unsubscribe(session, row.unsubscribe_token) == "Gates"
    assert saved.due(session, now() + timedelta(days=30)) == []
    assert [item.frequency for item in saved.searches(session, ANN)] == ["none"]


# --- personal data ----------------------------------------------------------------------------


def test_what_was_said_to_all_stays_without_a_name(session: Session) -> None:
    usefulness.annotate(session, ANN, "gates", {**KEY, "note": "Public", "visibility": "all"})
    usefulness.annotate(session, ANN, "lamps", {**KEY, "note": "Private"})
    usefulness.annotate(session, BOB, "lamps", KEY)
    taken = adoptions.propose(session, "ann", "gates", TRIED)
    adoptions.accept(session, taken, "lib")
    adoptions.propose(session, "ann", "lamps", TRIED)
    team = teams.create(session, "ann", "Bid team")
    teams.invite(session, team, "ann", "bob")
    data = service.personal_data(session, "ann")
    assert {row["note"] for row in data["verdicts"]} == {"Public", "Private"}
    assert len(data["adoptions_proposed"]) == 2
    assert data["teams"] == [{"team": "Bid team", "state": "member"}]
    service.erase(session, "ann")
    session.expire_all()
    assert not any(service.personal_data(session, "ann").values())
    (note,) = usefulness.notes(session, EVE, "gates")
    assert (note.note, note.owner.partition(":")[0]) == ("Public", "erased")
    assert [row.owner for row in verdicts.newest(session, ["lamps"])] == ["account:bob"]
    assert usefulness.totals(session, ["gates"])["gates"].people == 1
    assert len(adoptions.adoptions(session, records.get(session, "gates"))) == 1
    assert adoptions.waiting(session) == []
    assert teams.of(session, "bob") == []
