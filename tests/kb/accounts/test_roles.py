"""Roles: what each may, and who can always manage accounts."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb.accounts import administration, people, personal_data, roles, service, sessions
from kb.accounts.errors import (
    AccountExists,
    AccountNotFound,
    LastAdmin,
    RoleUnknown,
    SignInRefused,
    TokenUnusable,
)
from kb.accounts.models import Account
from kb.accounts.sessions import SignedIn
from kb.audit import AuditEntry
from kb.database import session_scope
from tests.kb.accounts.someone import (
    EMAIL,
    HERE,
    OTHER,
    PASSWORD,
    actions_noted,
    rows_of,
    sign_in,
    sign_up,
    the_account,
    token_in,
)


@pytest.mark.parametrize("permission", list(roles.PERMISSIONS))
@pytest.mark.parametrize("role", list(roles.ROLES))
def test_what_each_role_may(role: str, permission: str) -> None:
    account = people.new_account(EMAIL, "Jo", "", roles=[role], state="active")
    allowed = permission in roles.ROLES[role]
    assert roles.may(account, permission) == allowed
    assert roles.may(None, permission) == (permission == "read")
    for state in ("unconfirmed", "disabled", "erased"):
        account.state = state
        assert roles.may(account, permission) == (permission == "read")


def test_the_table_gives_each_its_own_work() -> None:
    def holders(permission: str) -> set[str]:
        return {role for role, allowed in roles.ROLES.items() if permission in allowed}

    assert holders("trail") == {"practitioner", "librarian", "awards", "admin"}
    assert holders("submit") == {"contributor", "librarian", "admin"}
    assert holders("edit") == holders("sources") == {"librarian", "admin"}
    assert holders("awards") == {"awards", "admin"}
    assert holders("accounts") == {"admin"}


def test_a_permission_or_role_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        roles.may(None, "raed")
    with pytest.raises(RoleUnknown, match="librarian"):
        roles.checked_roles(["librarain"])
    with pytest.raises(RoleUnknown):
        roles.checked_roles(["visitor"])


def test_new_roles_end_the_sessions_that_had_the_old(member: SignedIn, admin: Account) -> None:
    with session_scope(write=True) as session:
        administration.set_roles(
            session, member.account.id, ["librarian", "contributor"], actor=admin.actor
        )
    assert sessions.who(member.token) is None
    assert sign_in().account.roles == ["contributor", "librarian"]
    entry = next(row for row in rows_of(AuditEntry) if row.action == "account.roles_changed")
    assert (entry.actor, entry.subject_id) == (admin.actor, member.account.id)
    assert entry.detail["after"] == ["contributor", "librarian"]
    with session_scope(write=True) as session:
        administration.set_roles(
            session, member.account.id, ["contributor", "librarian"], actor=admin.actor
        )
    assert actions_noted().count("account.roles_changed") == 1


def test_somebody_can_always_manage_accounts(member: SignedIn, admin: Account) -> None:
    def attempts_to_leave_none() -> list[Callable[[Any], Any]]:
        return [
            lambda s: administration.set_roles(s, admin.id, ["librarian"], actor="x"),
            lambda s: administration.disable(s, admin.id, actor="x"),
            lambda s: personal_data.erase(s, admin.id),
        ]

    for leave in attempts_to_leave_none():
        with pytest.raises(LastAdmin), session_scope(write=True) as session:
            leave(session)
    with session_scope(write=True) as session:
        administration.set_roles(session, member.account.id, ["admin"], actor=admin.actor)
    with session_scope(write=True) as session:
        administration.disable(session, admin.id, actor="x")


def test_a_disabled_account_can_do_nothing_until_enabled(member: SignedIn) -> None:
    service.request_reset(EMAIL, address=HERE)
    with session_scope(write=True) as session:
        administration.disable(session, member.account.id, actor="x", reason="left the force")
        administration.disable(session, member.account.id, actor="x")
    assert sessions.who(member.token) is None
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)
    with pytest.raises(TokenUnusable):
        service.reset(token_in("reset"), OTHER)
    assert actions_noted().count("account.disabled") == 1
    with session_scope(write=True) as session:
        assert administration.enable(session, member.account.id, actor="x").state == "active"
        administration.enable(session, member.account.id, actor="x")
    sign_in()


def test_enabling_does_not_confirm_an_address(store: Path) -> None:
    sign_up()
    with session_scope(write=True) as session:
        administration.disable(session, the_account().id, actor="x")
        assert administration.enable(session, the_account().id, actor="x").state == "unconfirmed"


def test_an_account_that_is_not_there(store: Path) -> None:
    with session_scope() as session, pytest.raises(AccountNotFound):
        people.get(session, "nobody")
    with pytest.raises(AccountExists):
        for _ in range(2):
            administration.add("a@example.org", "A", roles=[], password=OTHER, actor="x")
