"""The vocabulary desk: what it decides wins everywhere, and can be taken back; SKOS both ways."""

from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from index.query import Query
from index.thesaurus import default_thesaurus
from kb.audit import AuditEntry
from kb.database import session_scope
from kb.errors import FileUnreadable, TermUnknown, VocabularyInvalid
from kb.records import service
from kb.vocabularies import decided, desk, skos, vocabularies, vocabulary
from kb.vocabularies.commands import group
from kb.vocabularies.errors import TermRefused
from kb.vocabularies.models import Term, Vocabulary
from kb.vocabularies.uses import uses
from tests.factories import practice
from tests.kb.test_bulk import save

LIST = "problem_types"


def accept(change_id: int | None) -> None:
    with session_scope(write=True) as session:
        desk.decide(session, change_id or 0, accept=True, actor="desk")
    decided.publish()


def take_back(change_id: int | None) -> None:
    with session_scope(write=True) as session:
        desk.take_back(session, change_id or 0, actor="desk")
    decided.publish()


def test_a_proposed_term_counts_only_once_accepted(store: Path) -> None:
    with session_scope(write=True) as session:
        with pytest.raises(TermRefused, match="label"):
            desk.propose(session, LIST, label=" ", definition="x", actor="ann")
        with pytest.raises(TermRefused, match="goes by that name"):
            desk.propose(session, LIST, label="Burglary", definition="x", actor="ann")
        with pytest.raises(VocabularyInvalid, match="points to nowhere"):
            desk.propose(
                session, LIST, label="Moon theft", definition="x", broader="nowhere", actor="ann"
            )
        made = desk.propose(
            session, LIST, label="Parcel theft", definition="Taking parcels from doorsteps.",
            broader="theft" if "theft" in vocabulary(LIST) else "", alt=["porch piracy"],
            actor="ann",
        )  # fmt: skip
    with pytest.raises(TermUnknown):
        vocabulary(LIST).resolve("Parcel theft")
    accept(made.id)
    assert vocabulary(LIST).resolve("porch piracy") == "parcel-theft"
    assert practice(problem_types=["Parcel theft"]).problem_types == ["parcel-theft"]
    take_back(made.id)
    with pytest.raises(TermUnknown):
        vocabulary(LIST).resolve("Parcel theft")
    with session_scope() as session:
        actions = session.exec(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["terms.proposed", "terms.accepted", "terms.taken_back"]


def test_a_renamed_term_is_still_found_by_its_old_label(store: Path) -> None:
    before = vocabulary(LIST).label("burglary-dwelling")
    with session_scope(write=True) as session:
        made = desk.rename(
            session, LIST, "burglary-dwelling", label="Break-ins at home", reason="x", actor="a"
        )
    accept(made.id)
    assert vocabulary(LIST).label("burglary-dwelling") == "Break-ins at home"
    assert vocabulary(LIST).resolve(before) == "burglary-dwelling"
    with session_scope(write=True) as session:
        again = desk.rename(
            session, LIST, "burglary-dwelling", label="Home raids", reason="x", actor="a"
        )
    accept(again.id)
    with session_scope(write=True) as session, pytest.raises(TermRefused, match="again since"):
        desk.take_back(session, made.id or 0, actor="a")


def test_a_merged_term_stands_for_the_other_wherever_it_is_written(store: Path) -> None:
    terms = vocabulary(LIST)
    code = next(t.code for t in terms if not terms.children(t.code) and t.code != "burglary")
    save(practice(id="one", problem_types=[code]))
    with session_scope(write=True) as session:
        with pytest.raises(TermRefused, match="itself"):
            desk.merge(session, LIST, code, code, reason="x", actor="a")
        with pytest.raises(TermRefused, match="narrower"):
            desk.merge(session, LIST, "burglary", code, reason="x", actor="a")
        found = uses(session, [(LIST, code)])[LIST, code]
        assert [record for record, _ in found.records] == ["one"]
        made = desk.merge(session, LIST, code, "burglary", reason="too fine", actor="a")
    accept(made.id)
    with session_scope() as session:
        content = service.get(session, "one").content
    assert content.problem_types == ["burglary"]
    assert content.codes("problem_types") == ["burglary"]
    assert practice(problem_types=[code, "burglary"]).problem_types == ["burglary"]
    assert Query.from_params({"problem": code}).filters == {"problem": ("burglary",)}
    take_back(made.id)
    with session_scope() as session:
        assert service.get(session, "one").content.problem_types == [code]


def test_a_deprecated_term_is_offered_no_more(store: Path) -> None:
    from web.forms import options_of

    with session_scope(write=True) as session:
        made = desk.deprecate(session, LIST, "burglary-dwelling", reason="x", actor="a")
    accept(made.id)
    assert "burglary-dwelling" not in [one.code for one in options_of(LIST)]
    assert "burglary-dwelling" in [one.code for one in options_of(LIST, ["burglary-dwelling"])]
    with session_scope(write=True) as session, pytest.raises(TermRefused, match="depends"):
        desk.rename(session, "workflow_states", "draft", label="x", reason="x", actor="a")
    with session_scope(write=True) as session, pytest.raises(TermRefused, match="no such"):
        desk.decide(session, made.id or 0, accept=True, actor="a")


def test_a_synonym_is_searched_once_accepted(store: Path) -> None:
    assert default_thesaurus().expansions(["flibbing"]) == ()
    with session_scope(write=True) as session:
        with pytest.raises(TermRefused, match="Say what the word means"):
            desk.propose_synonym(session, "flibbing", [" "], actor="a")
        made = desk.propose_synonym(session, "flibbing", ["moped theft"], actor="a")
    accept(made.id)
    (found,) = default_thesaurus().expansions(["Flibbing"])
    assert found.means == ("moped theft",)


def test_what_is_decided_survives_a_lost_file(store: Path) -> None:
    with session_scope(write=True) as session:
        made = desk.deprecate(session, LIST, "burglary-dwelling", reason="x", actor="a")
    accept(made.id)
    (store / "vocabularies.json").unlink()
    assert not vocabulary(LIST).term("burglary-dwelling").deprecated
    decided.publish()
    assert vocabulary(LIST).term("burglary-dwelling").deprecated


@pytest.mark.parametrize("name", ["turtle", "json-ld"])
def test_every_vocabulary_comes_back_from_skos(store: Path, name: str) -> None:
    ids = [LIST, "cost_bands", "workflow_states", "response_types"]
    for held in [vocabularies()[vocabulary_id] for vocabulary_id in ids]:
        read = {term["code"]: term for term in skos.read(skos.write(held, name), name)}
        assert set(read) == {term.code for term in held}
        for term in held:
            back = read[term.code]
            assert back["label"] == " ".join(term.label.split())
            assert back.get("broader") == term.broader
            assert set(back.get("alt", ())) == set(term.alt) - {term.label}
        if held.id not in desk.CLOSED:
            with session_scope(write=True) as session:
                assert desk.bring_in(session, held.id, read.values(), actor="a") == []


NAMES = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))


@given(st.lists(NAMES, max_size=6), NAMES, st.sampled_from(sorted(skos.FORMATS)))
@settings(max_examples=25, deadline=None)
def test_any_names_go_through_skos(names: list[str], note: str, form: str) -> None:
    terms = [
        Term(code=f"t-{number}", label=name, definition=note, alt=(name + "x", note))
        for number, name in enumerate(names)
    ]
    held = Vocabulary(id="made_up", title="Made up", definition=note, origin=note, terms=terms)
    try:
        read = skos.read(skos.write(held, form), form)
    except FileUnreadable:
        assert not names, "only a list without terms is refused"
        return
    for term, back in zip(terms, sorted(read, key=lambda one: int(one["code"][2:])), strict=True):
        assert back["label"] == " ".join(term.label.split())
        assert back["definition"] == " ".join(note.split())


@given(NAMES, st.text(max_size=30), st.lists(st.text(max_size=20), max_size=3), st.text())
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_typed_at_the_desk_ends_in_a_term_or_a_message(
    store: Path, label: str, definition: str, alt: list[str], reason: str
) -> None:
    with session_scope(write=True) as session:
        try:
            made = desk.propose(
                session, LIST, label=label, definition=definition, alt=alt, reason=reason, actor="a"
            )
            desk.decide(session, made.id or 0, accept=True, reason=reason, actor="a")
            term = Term.model_validate(made.data)
            assert term.label == " ".join(label.split())
            assert term.label not in term.alt
        except (TermRefused, VocabularyInvalid) as refused:
            assert str(refused)
        for change in (
            lambda: desk.rename(session, LIST, "burglary", label=label, reason=reason, actor="a"),
            lambda: desk.propose_synonym(session, label, alt, reason=reason, actor="a"),
        ):
            with suppress(TermRefused, VocabularyInvalid):
                change()
        session.rollback()


def test_terms_from_elsewhere_are_proposed_together(store: Path) -> None:
    text = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://x/b> a skos:Concept ; skos:prefLabel "Kite theft"@en, "Drachen"@de ; skos:broader <http://x/a> .
<http://x/a> a skos:Concept ; skos:prefLabel "Toy theft" ; skos:definition "Taking toys." .
"""  # noqa: E501
    terms = skos.read(text.encode(), "turtle")
    assert [term["label"] for term in terms] == ["Toy theft", "Kite theft"]
    with session_scope(write=True) as session:
        made = desk.bring_in(session, LIST, terms, actor="a")
        for change in made:
            desk.decide(session, change.id or 0, accept=True, actor="a")
    decided.publish()
    assert vocabulary(LIST).ancestors("b") == ("a",)
    with session_scope(write=True) as session:
        assert desk.bring_in(session, LIST, terms, actor="a") == []


def test_hostile_files_end_in_a_message(store: Path) -> None:
    for data, name, message in (
        (b"@prefix", "turtle", "Not turtle"),
        (b"", "turtle", "no skos:Concept"),
        (b'{"@context": "http://127.0.0.1:9/x", "@id": "a"}', "json-ld", "not fetched"),
        (b'[{"x": {"@context": [{"@import": "http://x"}]}}]', "json-ld", "not fetched"),
        (b"{", "json-ld", "not JSON"),
    ):
        with pytest.raises(FileUnreadable, match=message):
            skos.read(data, name)
    with pytest.raises(FileUnreadable, match="Turtle"):
        skos.format_of("x.rdf")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for name in skos.FORMATS:
        with pytest.raises(FileUnreadable):
            skos.read(data, name)


def test_the_commands_take_a_list_out_and_in(store: Path, tmp_path: Path) -> None:
    run = CliRunner().invoke
    told = run(group, ["export", LIST])
    path = tmp_path / "list.ttl"
    path.write_bytes(told.stdout_bytes.replace(b'"Burglary"@en', b'"Break-ins"@en'))
    told = run(group, ["import", str(path), "--into", LIST])
    assert "1 of" in told.output
    assert "proposed" in told.output
    told = run(group, ["import", str(path), "--into", LIST, "--accept"])
    assert vocabulary(LIST).label("burglary") == "Break-ins"
    told = run(group, ["list", "--json"])
    assert LIST in told.output
