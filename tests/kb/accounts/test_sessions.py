"""Sessions: new at sign-in, ended on the server, and no token that could be used in the store."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kb.accounts import attempts, personal_data, profile, second_factor, service, sessions
from kb.accounts.errors import NotSignedIn, ProveAgain, SignInRefused, TooManyAttempts
from kb.accounts.models import AccountSession
from kb.accounts.sessions import SignedIn
from kb.alerts.mail import Mail
from kb.database import now, session_scope
from tests.kb.accounts.someone import (
    EMAIL,
    HERE,
    OTHER,
    PASSWORD,
    change_all,
    everything_in,
    rows_of,
    sign_in,
    sign_up,
    the_account,
    token_in,
)


def test_signing_in_gives_a_new_token_and_ends_the_session_before(member: SignedIn) -> None:
    again = sign_in(replacing=member.token)
    assert again.token != member.token
    assert sessions.who(member.token) is None
    assert sessions.who(again.token) is not None


def test_a_session_fixed_by_another_is_not_taken_over(store: Path) -> None:
    service.confirm(sign_up(), PASSWORD)
    signed_in = sign_in(replacing="chosen-by-an-attacker")
    assert signed_in.token != "chosen-by-an-attacker"
    assert sessions.who("chosen-by-an-attacker") is None


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "' OR 1=1 --", "a" * 100_000])
def test_a_forged_token_is_nobody(member: SignedIn, token: str) -> None:
    assert sessions.who(token) is None


def test_the_store_holds_no_token_that_could_be_used(member: SignedIn, store: Path) -> None:
    service.request_reset(EMAIL, address=HERE)
    reset = token_in("reset")
    change_all(Mail, text="", html="")  # as when they have been sent
    kept = everything_in(store)
    for secret in (member.token, reset, PASSWORD):
        assert secret not in kept
    hashed = [row.token_hash for row in rows_of(AccountSession)]
    assert sessions.who(hashed[0]) is None


def test_signing_out_ends_the_session_on_the_server(member: SignedIn) -> None:
    with session_scope(write=True) as session:
        sessions.sign_out(session, member.token)
    assert sessions.who(member.token) is None


def test_signing_out_everywhere(member: SignedIn) -> None:
    others = [sign_in().token for _ in range(2)]
    with session_scope(write=True) as session:
        assert profile.sign_out_everywhere(session, others[0], but_here=True) == 2
    assert [bool(sessions.who(token)) for token in (member.token, *others)] == [False, True, False]
    with session_scope(write=True) as session:
        assert profile.sign_out_everywhere(session, others[0]) == 1
    assert sessions.who(others[0]) is None


def test_a_session_ends_when_unused_and_in_any_case_in_the_end(member: SignedIn) -> None:
    change_all(AccountSession, last_seen_at=now() - sessions.IDLE)
    assert sessions.who(member.token) is None
    second = sign_in()
    assert len(rows_of(AccountSession)) == 1  # the stale one was cleared away
    change_all(AccountSession, expires_at=now())
    assert sessions.who(second.token) is None
    with session_scope() as session:
        assert sessions.of_account(session, member.account.id) == []


def test_being_here_is_noted_every_few_minutes(member: SignedIn) -> None:
    seen = rows_of(AccountSession)[0].last_seen_at
    sessions.who(member.token)
    assert rows_of(AccountSession)[0].last_seen_at == seen
    change_all(AccountSession, last_seen_at=now() - timedelta(hours=1))
    sessions.who(member.token)
    assert rows_of(AccountSession)[0].last_seen_at > seen
    assert the_account().last_seen_at == rows_of(AccountSession)[0].last_seen_at


def test_risky_changes_need_the_password_typed_lately(member: SignedIn) -> None:
    change_all(AccountSession, proved_at=now() - sessions.PROVED)
    risky: list[Callable[[], Any]] = [
        lambda: profile.change_password(member.token, OTHER),
        lambda: profile.request_email_change(member.token, "new@example.org", address=HERE),
        lambda: second_factor.offer(member.token),
        lambda: second_factor.enable(member.token, "000000"),
        lambda: second_factor.disable(member.token),
        lambda: second_factor.new_recovery_codes(member.token),
        lambda: personal_data.erase_own(member.token),
    ]
    for change in risky:
        with pytest.raises(ProveAgain):
            change()
    with pytest.raises(SignInRefused):
        profile.prove(member.token, OTHER, address=HERE)
    proved = profile.prove(member.token, PASSWORD, address=HERE)
    assert sessions.who(member.token) is None  # a new token, as more is allowed now
    profile.change_password(proved.token, OTHER)
    with session_scope(write=True) as session:
        sessions.end_all(session, member.account.id)
    for change in risky:
        with pytest.raises(NotSignedIn):
            change()


def test_guessing_the_password_of_an_open_session_is_limited(member: SignedIn) -> None:
    for _ in range(attempts.LIMITS["password"].account):
        with pytest.raises(SignInRefused):
            profile.prove(member.token, OTHER, address=HERE)
    with pytest.raises(TooManyAttempts):
        profile.prove(member.token, PASSWORD, address=HERE)
