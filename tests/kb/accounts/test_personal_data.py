"""What a person gave: handed out, and erased under a placeholder."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kb import jobs
from kb.accounts import identity, people, personal_data, service, sessions
from kb.accounts.errors import SignInRefused
from kb.accounts.models import AccountIdentity, AccountSession, OneTimeToken, RecoveryCode
from kb.accounts.sessions import SignedIn
from kb.audit import AuditEntry
from kb.database import session_scope
from kb.records import service as records
from tests.factories import practice
from tests.kb.accounts.someone import (
    EMAIL,
    HERE,
    PASSWORD,
    Guarded,
    actions_noted,
    everything_in,
    from_outside,
    rows_of,
    sign_up,
    the_account,
)


def test_everything_a_person_gave_is_handed_out(guarded: Guarded) -> None:
    account = the_account()
    from_outside()
    with session_scope(write=True) as session:
        records.save(
            session, practice(id="gates"), door="form", actor=account.actor, state="submitted"
        )
    with session_scope(write=True) as session:
        given = personal_data.export(session, account.id)
    text = json.dumps(given)
    assert given["account"]["email"] == EMAIL
    assert given["account"]["second_factor"] is True
    assert given["account"]["outside_sign_in"][0]["subject"] == "s1"
    assert [item["record"] for item in given["contributions"]] == ["gates"]
    assert "account.confirmed" in [item["action"] for item in given["activity"]]
    for secret in (account.password_hash, account.totp_secret):
        assert secret not in text
    assert "account.exported" in actions_noted()


@pytest.fixture
def notes() -> Iterator[dict[str, str]]:
    """A folder that keeps something of people and takes part."""
    kept: dict[str, str] = {}
    personal_data.register(
        "notes",
        lambda _session, account_id: kept.get(account_id),
        lambda _session, account_id: kept.pop(account_id, None),
    )
    yield kept
    del personal_data._parts["notes"]


def test_other_folders_take_part(member: SignedIn, notes: dict[str, str]) -> None:
    notes[member.account.id] = "the alley by the park"
    with session_scope(write=True) as session:
        assert personal_data.export(session, member.account.id)["notes"] == "the alley by the park"
        personal_data.erase(session, member.account.id)
    assert notes == {}


def test_nothing_is_erased_when_one_part_fails(member: SignedIn) -> None:
    def fail(_session: Any, _account_id: str) -> None:
        raise RuntimeError

    personal_data.register("broken", fail, fail)
    try:
        with pytest.raises(RuntimeError):
            personal_data.erase_own(member.token)
    finally:
        del personal_data._parts["broken"]
    assert the_account().state == "active"
    assert sessions.who(member.token) is not None


def test_erasing_leaves_contributions_under_a_placeholder(guarded: Guarded, store: Path) -> None:
    account = the_account()
    token = guarded[1].signed_in.token
    from_outside()
    service.request_reset(EMAIL, address=HERE)
    with session_scope(write=True) as session:
        records.save(
            session, practice(id="gates"), door="form", actor=account.actor, state="published"
        )
    before = len(rows_of(AuditEntry))
    personal_data.erase_own(token)
    with session_scope() as session:
        erased = people.get(session, account.id)
        assert (erased.state, erased.roles, erased.email) == ("erased", [], "")
        assert records.get(session, "gates").state == "published"
        by = records.revisions(session, "gates")[0].saved_by
        assert people.display_names(session, [by, "command line", "account:gone"]) == {
            by: identity.ERASED_NAME,
            "command line": "command line",
            "account:gone": identity.ERASED_NAME,
        }
    for table in (AccountSession, OneTimeToken, RecoveryCode, AccountIdentity):
        assert rows_of(table) == []
    assert sessions.who(token) is None
    assert len(rows_of(AuditEntry)) == before + 1
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)
    # One last mail says so; when it has gone, neither address nor name is anywhere in the store.
    assert jobs.settle() == []
    (last,) = (store / "mail").iterdir()
    assert "erased" in last.read_text()
    kept = everything_in(store)
    assert EMAIL not in kept
    assert "Jo Smith" not in kept
    with session_scope(write=True) as session:
        personal_data.erase(session, account.id)  # again does nothing
    assert len(rows_of(AuditEntry)) == before + 1


def test_an_erased_address_can_sign_up_afresh(member: SignedIn) -> None:
    personal_data.erase_own(member.token)
    signed_in = service.confirm(sign_up(), PASSWORD)
    assert signed_in.account.id != member.account.id
