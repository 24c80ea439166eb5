"""The record: definition, validation, rules, saving, revisions and joining."""

import string
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlmodel import select

from kb.audit import AuditEntry
from kb.awards.models import AwardEntry, AwardRound
from kb.database import session_scope
from kb.directory.models import Organisation, RecordOrganisation
from kb.records import FIELD, FIELDS, GROUPS, PracticeIn, service
from kb.records.definition import FieldSpec
from kb.records.errors import EditConflict, RecordInvalid, RecordNotFound
from kb.records.identity import canonical_url, slug
from kb.records.rules import check, completeness, is_empty
from kb.vocabularies import vocabularies
from tests.factories import entry, practice


def _all_specs() -> list[FieldSpec]:
    return [*FIELDS, *(column for spec in FIELDS for column in spec.columns)]


def test_every_field_has_a_title_a_group_and_a_vocabulary_that_exists() -> None:
    groups = {group.id for group in GROUPS}
    for spec in _all_specs():
        assert spec.title, spec.name
        assert spec.vocabulary is None or spec.vocabulary in vocabularies(), spec.name
    assert all(spec.group in groups for spec in FIELDS if spec.name != "id")


def test_titles_within_a_group_tell_fields_apart() -> None:
    titles = [(spec.group, spec.title) for spec in FIELDS]
    assert len(titles) == len(set(titles))


def test_labels_and_alternative_labels_become_codes() -> None:
    content = service.parse(
        {
            "title": "A",
            "problem_types": ["Burglary of homes", "burglary-dwelling"],
            "place": {"country": "UK"},
        }
    )
    assert content.problem_types == ["burglary-dwelling"]
    assert content.place is not None
    assert content.place.country == "gb"


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"title": "A", "results": [{"outcome": "zzz"}]}, "results.1.outcome", "not a term"),
        ({"title": "A", "started": "20090"}, "started", "year"),
        ({"title": "A", "place": "Leeds"}, "place", "give its parts"),
        ({"title": "A", "started": "2009-02-30"}, "started", "day"),
        ({"title": "A", "website": "javascript:alert(1)"}, "website", "http"),
        ({"title": "A", "website": "http://[::1"}, "website", "web address"),
        ({"title": "A", "colour": "blue"}, "colour", "no such field"),
        ({"title": "A", "staff_fte": -1}, "staff_fte", "must be 0 or more"),
        ({"title": "A", "staff_fte": "ten"}, "staff_fte", "give a number"),
        ({"title": "A" * 9000}, "title", "use at most"),
        ({"title": "A", "body": "text"}, "body", "must be a list"),
        ([], "record", "named fields"),
    ],
)
def test_errors_name_the_field_and_the_rule(data: Any, field: str, words: str) -> None:
    with pytest.raises(RecordInvalid) as raised:
        service.parse(data)
    assert raised.value.errors[0].field == field
    assert words in raised.value.errors[0].rule


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_is_cleaned_and_survives_the_snapshot(title: str, summary: str) -> None:
    content = PracticeIn(title=title, summary=summary)
    assert "\x00" not in content.title
    assert PracticeIn.from_snapshot(content.snapshot()) == content


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([spec.name for spec in FIELDS]), inner, max_size=4)
        ),
        max_leaves=12,
    )
)
def test_whatever_comes_in_is_a_record_or_a_named_error(data: Any) -> None:
    try:
        service.parse(data)
    except RecordInvalid as error:
        assert error.errors


def test_dates_may_be_years_months_days_or_yaml_dates() -> None:
    for given_date in ("1999", 1999, "1999-04", "1999-04-30"):
        assert PracticeIn(title="A", started=given_date).started == str(given_date)
    with pytest.raises(ValidationError):
        PracticeIn(title="A", started="1999-4")


def test_fields_unknown_to_this_version_are_left_out_of_a_snapshot() -> None:
    assert PracticeIn.from_snapshot({"title": "A", "gone_field": 1}).title == "A"


class TestRules:
    def test_a_form_must_fill_what_its_step_requires(self) -> None:
        broken = {e.field for e in check(PracticeIn(title="A"), door="form", step="submit")}
        assert {"summary", "problem_types", "place", "stage_of_practice"} <= broken
        assert "results" not in broken
        assert "results" in {
            e.field for e in check(PracticeIn(title="A"), door="form", step="publish")
        }

    def test_a_complete_record_may_be_published_from_a_form(self) -> None:
        assert check(practice(), door="form", step="publish") == []

    def test_one_of_a_set_is_enough(self) -> None:
        with_cause = practice(causes_situational="", causes_systemic="Nobody was in charge.")
        assert check(with_cause, door="form", step="publish") == []
        without = practice(causes_situational="")
        assert [e.field for e in check(without, door="form", step="publish")] == [
            "causes_situational"
        ]

    def test_a_harvested_entry_needs_title_source_and_address_only(self) -> None:
        assert check(entry(), door="harvest", step="publish") == []
        bare = entry(provenance=[{"source": "pop-datasets"}])
        assert [e.rule for e in check(bare, door="harvest", step="publish")] == [
            "give the address it came from"
        ]

    def test_a_guide_need_not_tell_a_case(self) -> None:
        guide = practice(
            record_type="guide", place=None, started="", stage_of_practice=None, results=[]
        )
        assert check(guide, door="form", step="publish") == []

    def test_word_limits_say_how_many_words_there_are(self) -> None:
        errors = check(practice(summary="word " * 101), door="form", step="submit")
        assert [(e.field, e.value) for e in errors] == [("summary", "101 words")]

    def test_word_limits_hold_inside_rows(self) -> None:
        errors = check(practice(activities=[{"what": "word " * 61}]), door="form", step="submit")
        assert [e.field for e in errors] == ["activities.1.what"]

    def test_false_and_zero_are_answers(self) -> None:
        assert not is_empty(False)
        assert not is_empty(0)
        assert is_empty([])

    def test_completeness_counts_analysis_and_assessment_double(self) -> None:
        only_scanning = practice_of_group("scanning")
        only_analysis = practice_of_group("analysis")
        assert completeness(only_scanning).sections["scanning"] == 100
        assert completeness(only_analysis).percent == pytest.approx(
            2 * completeness(only_scanning).percent, abs=1
        )
        assert completeness(practice()).missing


def practice_of_group(group: str) -> PracticeIn:
    """A record with every weighted field of one group filled with something valid."""
    data: dict[str, Any] = {"title": "A"}
    for spec in FIELDS:
        if spec.group == group and spec.weight:
            code = next(iter(vocabularies()[spec.vocabulary])).code if spec.vocabulary else "x"
            data[spec.name] = {
                "text": "x",
                "texts": ["x"],
                "term": code,
                "terms": [code],
                "number": 1,
                "rows": [{spec.columns[0].name: "x"}] if spec.columns else [],
            }[spec.kind]
    return PracticeIn.model_validate(data)


class TestStore:
    def test_create_change_and_read_back(self, store: object) -> None:
        with session_scope(write=True) as session:
            made = service.save(session, practice(), door="form", actor="ann", state="published")
        with session_scope(write=True) as session:
            changed = service.save(
                session,
                practice(id=made.id, title="Another title for the gates"),
                door="form",
                actor="bob",
                state="published",
                expected_version=1,
            )
        assert (made.outcome, changed.outcome, changed.version) == ("created", "changed", 2)
        with session_scope() as session:
            found = service.get(session, made.id)
            versions = service.revisions(session, made.id)
            actors = session.exec(
                select(AuditEntry.actor).where(AuditEntry.subject_id == made.id)
            ).all()
        assert found.content.title == "Another title for the gates"
        assert [v.version for v in versions] == [2, 1]
        assert actors == ["ann", "bob"]
        before, after = (PracticeIn.from_snapshot(v.content) for v in reversed(versions))
        assert [c.spec.name for c in service.diff(before, after)] == ["title"]

    def test_saving_the_same_twice_changes_nothing(self, store: object) -> None:
        for outcome in ("created", "same"):
            with session_scope(write=True) as session:
                saved = service.save(
                    session, practice(id="gates"), door="file", actor="a", state="published"
                )
            assert (saved.outcome, saved.version) == (outcome, 1)

    def test_an_edit_of_an_old_version_is_refused_and_keeps_the_newer(self, store: object) -> None:
        with session_scope(write=True) as session:
            service.save(session, practice(id="gates"), door="form", actor="a", state="draft")
        with session_scope(write=True) as session:
            service.save(
                session,
                practice(id="gates", keywords=["first"]),
                door="form",
                actor="a",
                state="draft",
                expected_version=1,
            )
        with pytest.raises(EditConflict, match="version 2"), session_scope(write=True) as session:
            service.save(
                session,
                practice(id="gates", keywords=["second"]),
                door="form",
                actor="b",
                state="draft",
                expected_version=1,
            )
        with session_scope() as session:
            assert service.get(session, "gates").content.keywords == ["first"]

    def test_nothing_is_kept_of_a_save_that_fails(self, store: object) -> None:
        with pytest.raises(RuntimeError), session_scope(write=True) as session:
            service.save(session, practice(id="gates"), door="form", actor="a", state="draft")
            raise RuntimeError("the process died here")
        with session_scope() as session:
            with pytest.raises(RecordNotFound):
                service.get(session, "gates")
            assert session.exec(select(AuditEntry)).all() == []

    def test_an_incomplete_record_cannot_be_published_but_may_be_a_draft(
        self, store: object
    ) -> None:
        with pytest.raises(RecordInvalid), session_scope(write=True) as session:
            service.save(
                session, PracticeIn(title="A", id="a1"), door="form", actor="a", state="published"
            )
        with session_scope(write=True) as session:
            service.save(
                session, PracticeIn(title="A", id="a1"), door="form", actor="a", state="draft"
            )
        with pytest.raises(RecordInvalid), session_scope(write=True) as session:
            service.set_state(session, "a1", "published", actor="a")

    def test_only_visible_states_are_offered_to_the_index(self, store: object) -> None:
        states = [
            "draft",
            "submitted",
            "in-review",
            "changes-asked",
            "published",
            "published-unverified",
            "withdrawn",
            "superseded",
            "archived",
        ]
        with session_scope(write=True) as session:
            for state in states:
                service.save(session, practice(id=state), door="file", actor="a", state=state)
            service.save(session, practice(id="secret"), door="file", actor="a", state="published")
            service.set_state(session, "secret", "published", actor="a", restricted=True)
        with session_scope() as session:
            assert set(service.stamps(session)) == {
                "published",
                "published-unverified",
                "superseded",
                "archived",
            }
            assert [p.id for p in service.latest(session, 20)] == ["published"]

    def test_the_stamp_changes_with_content_and_with_state(self, store: object) -> None:
        seen = set()
        with session_scope(write=True) as session:
            service.save(session, practice(id="a"), door="file", actor="a", state="published")
            seen.add(service.get(session, "a").stamp)
            service.save(
                session,
                practice(id="a", keywords=["k"]),
                door="file",
                actor="a",
                state="published",
            )
            seen.add(service.get(session, "a").stamp)
            service.set_state(session, "a", "archived", actor="a")
            seen.add(service.get(session, "a").stamp)
        assert len(seen) == 3

    def test_an_unknown_award_scheme_is_refused(self, store: object) -> None:
        with pytest.raises(RecordInvalid, match="goldstein"), session_scope(write=True) as session:
            service.save(
                session,
                practice(awards=[{"scheme": "golden-egg", "year": 2000}]),
                door="file",
                actor="a",
                state="published",
            )

    def test_partners_and_awards_become_shared_rows(self, store: object) -> None:
        with session_scope(write=True) as session:
            for number in (1, 2):
                service.save(
                    session,
                    practice(
                        id=f"r{number}",
                        partners=[
                            {"organisation": f"Mersey{' ' * number}Police", "roles": ["lead"]}
                        ],
                        awards=[{"scheme": "goldstein", "year": 1999, "level": "finalist"}],
                    ),
                    door="file",
                    actor="a",
                    state="published",
                )
        with session_scope() as session:
            assert len(session.exec(select(Organisation)).all()) == 1
            assert len(session.exec(select(RecordOrganisation)).all()) == 2
            assert len(session.exec(select(AwardRound)).all()) == 1
            assert len(session.exec(select(AwardEntry)).all()) == 2


class TestHarvest:
    def harvest(self, **changes: Any) -> service.Saved:
        with session_scope(write=True) as session:
            return service.save(
                session,
                entry(**changes),
                door="harvest",
                actor="crawler",
                state="published-unverified",
            )

    def test_twice_is_the_same(self, store: object) -> None:
        assert self.harvest().outcome == "created"
        assert self.harvest().outcome == "same"

    def test_the_day_of_capture_is_not_a_change(self, store: object) -> None:
        first = entry().snapshot()["provenance"][0]
        self.harvest(provenance=[{**first, "captured_on": "2026-01-01"}])
        again = self.harvest(provenance=[{**first, "captured_on": "2026-02-01"}])
        assert again.outcome == "same"

    def test_a_changed_item_makes_a_new_version(self, store: object) -> None:
        self.harvest()
        changed = self.harvest(summary="Now with a summary.")
        assert (changed.outcome, changed.version) == ("changed", 2)

    def test_the_same_project_in_two_years_is_one_record_with_both_entries(
        self, store: object
    ) -> None:
        first = self.harvest()
        other = {
            "provenance": [
                {
                    "source": "pop-datasets",
                    "external_id": "two",
                    "document_url": "https://example.org/two.pdf",
                }
            ],
            "awards": [{"scheme": "goldstein", "year": 2001, "level": "finalist"}],
        }
        joined = self.harvest(**other)
        assert (joined.outcome, joined.id) == ("joined", first.id)
        assert self.harvest(**other).outcome == "same"
        assert self.harvest().outcome == "same"
        with session_scope() as session:
            content = service.get(session, first.id).content
        assert [(a.year, a.level) for a in content.awards] == [(1999, None), (2001, "finalist")]
        assert len(content.provenance) == 2

    def test_two_projects_linked_to_one_document_stay_two(self, store: object) -> None:
        first = self.harvest()
        provenance = entry().snapshot()["provenance"][0] | {"external_id": "other"}
        second = self.harvest(
            title="Wheels off the street",
            partners=[{"organisation": "Another Police Department"}],
            provenance=[provenance],
        )
        assert second.outcome == "created"
        assert second.id != first.id

    def test_what_people_edited_is_not_overwritten(self, store: object) -> None:
        made = self.harvest()
        with session_scope(write=True) as session:
            edited = service.get(session, made.id).content.model_copy(
                update={"summary": "A person wrote this."}
            )
            service.save(session, edited, door="form", actor="librarian", state="draft")
        again = self.harvest(summary="The page changed.")
        assert again.kept_edits
        with session_scope() as session:
            assert service.get(session, made.id).content.summary == "A person wrote this."
            noted = session.exec(
                select(AuditEntry).where(AuditEntry.action == "record.source_changed")
            ).all()
        assert len(noted) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example.org/a/", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&b=1", "https://example.org/a?b=1"),
        ("https://example.org/a?b=1&a=2", "https://example.org/a?a=2&b=1"),
        ("https://example.org/a#top", "https://example.org/a"),
        (
            "https://webarchive.nationalarchives.gov.uk/20100408115103/http://example.org/a",
            "http://example.org/a",
        ),
        ("https://web.archive.org/web/2010id_/http://example.org/a", "http://example.org/a"),
        ("https://example.org:443/a%20b", "https://example.org/a b"),
    ],
)
def test_addresses_of_the_same_page_are_the_same(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@given(st.text())
def test_slugs_are_safe_in_an_address(text: str) -> None:
    made = slug(text)
    assert set(made) <= set(string.ascii_lowercase + string.digits + "-")
    assert len(made) <= 60
    assert not made.startswith("-")
    assert FIELD["title"].words == 15

    def test_a_person_may_mend_a_part_of_what_was_collected(self, store: object) -> None:
        made = self.harvest()
        with session_scope(write=True) as session:
            content = service.get(session, made.id).content.model_copy(
                update={"problem_types": ["noise"]}
            )
            saved = service.save(
                session, content, door="form", actor="librarian", state="published-unverified"
            )
        assert saved.outcome == "changed"
        with session_scope() as session:
            assert service.get(session, made.id).door == "harvest"
            assert service.revisions(session, made.id)[0].door == "form"

    def test_a_listing_entry_joins_the_record_that_was_written_up_of_it(
        self, store: object
    ) -> None:
        listed = entry().snapshot()
        written_up = practice(
            id="harbour",
            title="Quieter nights by agreeing closing hours in Harbour Street",
            provenance=[
                {
                    "source": "goldstein-awards",
                    "external_id": "99-01",
                    "title": listed["title"],
                    "document_url": listed["provenance"][0]["document_url"],
                }
            ],
        )
        with session_scope(write=True) as session:
            service.save(session, written_up, door="file", actor="a", state="published")
        assert self.harvest().id == "harbour"
        with session_scope() as session:
            assert service.get(session, "harbour").content.title == written_up.title


def test_a_record_from_published_sources_may_leave_an_unknown_start_empty() -> None:
    undated = practice(started="")
    assert check(undated, door="file", step="publish") == []
    assert "started" in {e.field for e in check(undated, door="form", step="submit")}
    assert "place" in {e.field for e in check(practice(place=None), door="file", step="publish")}


def _asked(specs: tuple[FieldSpec, ...]) -> Iterator[FieldSpec]:
    for spec in specs:
        if spec.asked == "all":
            yield spec
            yield from _asked(spec.columns)


def test_every_field_that_contributors_are_asked_for_has_help_and_an_example() -> None:
    for spec in _asked(FIELDS):
        assert spec.help, spec.name
        if not spec.vocabulary and spec.kind not in ("flag", "row", "rows"):
            assert spec.example, spec.name
