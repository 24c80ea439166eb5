"""Migrations and models agree, on SQLite and on a real PostgreSQL, up and down."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect
from sqlmodel import select

from kb import migrations
from kb.audit import AuditEntry
from kb.awards.models import AwardEntry, AwardScheme
from kb.database import session_scope
from kb.records import service
from kb.store_tables import metadata
from tests.factories import entry, practice


def test_models_and_migrations_agree(empty_store: Engine) -> None:
    migrations.upgrade()
    with empty_store.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_up_down_up_leaves_the_same_tables(empty_store: Engine) -> None:
    migrations.upgrade()
    tables = set(inspect(empty_store).get_table_names())
    migrations.downgrade(empty_store, "base")
    assert set(inspect(empty_store).get_table_names()) <= {"alembic_version"}
    migrations.upgrade()
    assert set(inspect(empty_store).get_table_names()) == tables
    assert migrations.current() == migrations.newest()


def test_a_record_travels_through_either_database(empty_store: Engine) -> None:
    migrations.upgrade()
    with session_scope(write=True) as session:
        service.save(session, practice(id="gates"), door="form", actor="a", state="published")
        service.set_state(session, "gates", "archived", actor="a")
        service.save(
            session, entry(awards=[]), door="harvest", actor="c", state="published-unverified"
        )
    with session_scope(write=True) as session:
        again = service.save(
            session, entry(awards=[]), door="harvest", actor="c", state="published-unverified"
        )
        assert again.outcome == "same"
    with session_scope() as session:
        found = service.get(session, "gates")
        assert found.content == practice(id="gates")
        assert found.updated_at.tzinfo is not None
        assert len(service.stamps(session)) == 2
        assert len(session.exec(select(AuditEntry)).all()) == 3
        assert service.without_revision(session) == []


def test_older_award_entries_learn_what_they_are_narrowed_by(empty_store: Engine) -> None:
    migrations.upgrade()
    tag = {"field_name": "problem_types", "code": "robbery", "confidence": 0.9}
    told = practice(
        id="gates",
        problem_types=["burglary-dwelling"],
        suggested_tags=[tag, tag | {"code": "arson", "confidence": 0.2}],
        place={"name": "Hull", "region": "Yorkshire", "country": "gb-eng"},
        awards=[{"scheme": "tilley", "year": 2003}],
    )
    with session_scope(write=True) as session:
        session.add(AwardScheme(id="tilley", title="Tilley Award", entry={}))
        session.flush()
        service.save(session, told, door="form", actor="a", state="published")
    asked = select(AwardEntry.problems, AwardEntry.country, AwardEntry.region)
    with session_scope() as session:
        saved = session.exec(asked).all()
    assert saved == [("burglary-dwelling robbery", "gb-eng", "Yorkshire")]
    migrations.downgrade(empty_store, "0018")
    migrations.upgrade()
    with session_scope() as session:
        assert session.exec(asked).all() == saved
