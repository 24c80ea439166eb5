"""Signing in: the same refusal whatever was wrong, and a limit on guessing."""

from datetime import timedelta
from pathlib import Path

import argon2
import pytest

from kb.accounts import attempts, identity, passwords, people, service
from kb.accounts.errors import SignInRefused, TooManyAttempts
from kb.accounts.models import Account, Attempt
from kb.accounts.sessions import SignedIn
from kb.database import now, session_scope
from tests.kb.accounts.someone import (
    EMAIL,
    HERE,
    OTHER,
    PASSWORD,
    at_once,
    change_all,
    rows_of,
    sign_in,
    sign_up,
    the_account,
)


def test_a_refusal_is_the_same_whatever_was_wrong(member: SignedIn, admin: Account) -> None:
    sign_up("waiting@example.org")
    with session_scope(write=True) as session:
        account = people.by_email(session, "waiting@example.org")
        assert account is not None
        off = people.new_account("off@example.org", "Off", "", roles=[], state="disabled")
        off.password_hash = member.account.password_hash
        session.add(off)
    tried = [
        (EMAIL, OTHER),
        ("nobody@example.org", PASSWORD),
        ("no address", PASSWORD),
        ("waiting@example.org", ""),
        ("off@example.org", PASSWORD),
    ]
    said = set()
    for email, password in tried:
        with pytest.raises(SignInRefused) as refused:
            service.sign_in(email, password, address=HERE)
        said.add(str(refused.value))
    assert len(said) == 1


def test_without_an_account_the_same_hashing_is_done_and_nothing_matches() -> None:
    decoy = argon2.extract_parameters(passwords._decoy())
    assert decoy == argon2.extract_parameters(passwords.hashed(PASSWORD))
    assert not passwords.verify("", "nobody has this password")
    assert not passwords.verify("no hash at all", PASSWORD)


def test_a_hash_of_older_parameters_is_made_anew_at_sign_in(member: SignedIn) -> None:
    older = argon2.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    change_all(Account, password_hash=older)
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, OTHER, address=HERE)
    assert the_account().password_hash == older
    sign_in()
    newer = the_account().password_hash
    assert argon2.extract_parameters(newer) == argon2.extract_parameters(passwords.hashed("x"))
    sign_in()
    assert the_account().password_hash == newer


def test_an_account_is_locked_for_a_while_after_many_wrong_passwords(member: SignedIn) -> None:
    most = attempts.LIMITS["password"].account
    for number in range(most):
        with pytest.raises(SignInRefused):
            service.sign_in(EMAIL, OTHER, address=f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts) as refused:
        service.sign_in(EMAIL.upper(), PASSWORD, address="198.51.100.7")
    assert timedelta(0) < refused.value.wait <= attempts.LIMITS["password"].window
    assert "minute" in str(refused.value)
    change_all(Attempt, at=now() - attempts.LIMITS["password"].window)
    sign_in()
    assert [row for row in rows_of(Attempt) if row.kind == "password"] == []


def test_unknown_addresses_are_locked_the_same_way(store: Path) -> None:
    key = identity.attempt_key("nobody@example.org")
    for number in range(attempts.LIMITS["password"].account):
        attempts.reserve("password", key, f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts):
        service.sign_in("nobody@example.org", PASSWORD, address=HERE)


def test_one_address_trying_many_accounts_is_stopped(member: SignedIn) -> None:
    limit = attempts.LIMITS["password"]
    for number in range(limit.address):
        attempts.reserve("password", f"account {number}", f"2001:db8:1:2::{number:x}")
    with pytest.raises(TooManyAttempts):
        service.sign_in(EMAIL, PASSWORD, address="2001:db8:1:2:ffff::1")
    sign_in(address="2001:db8:1:3::1")


def test_all_together_are_stopped(member: SignedIn) -> None:
    limit = attempts.LIMITS["password"]
    with session_scope(write=True) as session:
        for number in range(limit.overall):
            session.add(Attempt(kind="password", who=f"{number}", address=f"{number}", at=now()))
    with pytest.raises(TooManyAttempts):
        service.sign_in(EMAIL, PASSWORD, address=HERE)


def test_guesses_sent_all_at_once_are_counted_too(store: Path) -> None:
    limit = attempts.LIMITS["code"].account
    outcomes = at_once(
        [lambda n=n: attempts.reserve("code", "same", f"192.0.2.{n}") for n in range(limit + 5)]
    )
    assert outcomes.count(None) == limit
    assert outcomes.count(TooManyAttempts) == 5


def test_attempts_are_kept_for_a_day_without_the_address_tried(store: Path) -> None:
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)
    assert EMAIL not in str(rows_of(Attempt))
    change_all(Attempt, at=now() - timedelta(days=2))
    attempts.reserve("mail", "other", HERE)
    assert [row.kind for row in rows_of(Attempt)] == ["mail"]


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_addresses_that_count_as_one(address: str, key: str) -> None:
    assert attempts.address_key(address) == key
