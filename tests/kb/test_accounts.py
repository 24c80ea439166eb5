"""Accounts: what signing up, signing in, sessions, roles and erasure promise."""

import json
import re
import sqlite3
import subprocess
import threading
import unicodedata
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import argon2
import click.testing
import pyotp
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, col, select, update

from kb import jobs, migrations
from kb.accounts import (
    administration,
    attempts,
    identity,
    passwords,
    people,
    personal_data,
    profile,
    roles,
    second_factor,
    service,
    sessions,
    tokens,
)
from kb.accounts.errors import (
    AccountExists,
    AccountNotFound,
    CodeRefused,
    EmailInvalid,
    LastAdmin,
    NameInvalid,
    NotSignedIn,
    PasswordUnfit,
    ProveAgain,
    RoleUnknown,
    SignInRefused,
    TokenUnusable,
    TooManyAttempts,
)
from kb.accounts.models import (
    Account,
    AccountIdentity,
    AccountSession,
    Attempt,
    OneTimeToken,
    RecoveryCode,
)
from kb.accounts.service import SecondFactorNeeded
from kb.accounts.sessions import SignedIn
from kb.alerts.mail import Mail
from kb.audit import AuditEntry
from kb.cli import cli
from kb.database import now, session_scope
from kb.records import service as records
from tests.factories import practice

PASSWORD = "kestrel anvil Tuesday"
OTHER = "marmalade quarry lantern"
EMAIL = "jo.smith@force.example.org"
HERE = "203.0.113.9"


def _rows(table: type[SQLModel]) -> list[Any]:
    with session_scope() as session:
        return list(session.exec(select(table)))


def _account() -> Account:
    with session_scope() as session:
        found = people.by_email(session, EMAIL)
        assert found is not None
        return found


def _change(table: type[SQLModel], **values: Any) -> None:
    """Set columns of all rows, as time or another process would have."""
    with session_scope(write=True) as session:
        session.exec(update(table).values(**values))


def _mailed(template: str) -> list[Mail]:
    with session_scope() as session:
        return list(
            session.exec(
                select(Mail).where(Mail.template == template).order_by(col(Mail.queued_at))
            )
        )


def _token(template: str) -> str:
    """The token in the link of the newest mail of a kind."""
    found = re.search(r"token=([\w-]+)", _mailed(template)[-1].text)
    assert found is not None
    return found[1]


def _sign_up(email: str = EMAIL, name: str = "Jo Smith") -> str:
    service.sign_up(email, name, "Force", address=HERE)
    return _token("confirm")


def _sign_in(email: str = EMAIL, password: str = PASSWORD, **more: Any) -> SignedIn:
    found = service.sign_in(email, password, **{"address": HERE, **more})
    assert isinstance(found, SignedIn)
    return found


def _everything_in(store: Path) -> str:
    """All that can be read of the store, as one text."""
    connection = sqlite3.connect(store / "kb.sqlite")
    try:
        return "\n".join(connection.iterdump())
    finally:
        connection.close()


def _actions() -> list[str]:
    return [row.action for row in _rows(AuditEntry)]


@pytest.fixture
def member(store: Path) -> SignedIn:
    """Somebody who signed up, confirmed and is signed in."""
    return service.confirm(_sign_up(), PASSWORD)


@pytest.fixture
def admin(store: Path) -> Account:
    """The first admin."""
    return administration.add(
        "admin@example.org", "Ada", roles=["admin"], password=OTHER, actor="command line"
    )


# Signing up


def test_signing_up_takes_the_link_and_a_password(store: Path) -> None:
    token = _sign_up()
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)
    account = _account()
    assert (account.state, account.password_hash) == ("unconfirmed", "")
    signed_in = service.confirm(token, PASSWORD)
    assert signed_in.account.state == "active"
    assert signed_in.account.roles == list(roles.NEW_ACCOUNT_ROLES)
    current = sessions.who(signed_in.token)
    assert current is not None
    assert current.account.id == account.id
    assert _sign_in().account.id == account.id


def test_a_confirmation_link_works_once(store: Path) -> None:
    token = _sign_up()
    service.confirm(token, PASSWORD)
    with pytest.raises(TokenUnusable):
        service.confirm(token, OTHER)
    _sign_in()


def test_a_refused_password_does_not_use_up_the_link(store: Path) -> None:
    token = _sign_up()
    with pytest.raises(PasswordUnfit):
        service.confirm(token, "short")
    service.confirm(token, PASSWORD)


def test_a_link_of_one_kind_is_none_of_another(store: Path) -> None:
    token = _sign_up()
    for use in (lambda: service.reset(token, OTHER), lambda: profile.confirm_email(token)):
        with pytest.raises(TokenUnusable):
            use()


def test_nobody_can_claim_an_address_by_signing_it_up_first(store: Path) -> None:
    service.sign_up(EMAIL, "Mallory", address="198.51.100.1")
    service.sign_up(EMAIL.upper(), "Jo Smith", address=HERE)
    assert len(_rows(Account)) == 1
    # Whichever link is opened, the password is the one typed by who reads the mail.
    signed_in = service.confirm(_token("confirm"), PASSWORD)
    assert signed_in.account.display_name == "Jo Smith"
    _sign_in()


def test_signing_up_again_tells_the_owner_and_nobody_else(member: SignedIn) -> None:
    assert service.sign_up(EMAIL.title(), "Mallory", address="198.51.100.1") is None
    assert len(_rows(Account)) == 1
    assert _account().display_name == "Jo Smith"
    (told,) = _mailed("already_registered")
    assert told.recipient == EMAIL
    assert len(_mailed("confirm")) == 1


def test_a_disabled_account_cannot_be_signed_up_again(member: SignedIn) -> None:
    with session_scope(write=True) as session:
        administration.disable(session, member.account.id, actor="command line")
    before = len(_rows(Mail))
    service.sign_up(EMAIL, "Jo", address=HERE)
    assert len(_rows(Mail)) == before
    assert _account().state == "disabled"


def test_mails_to_strangers_carry_nothing_that_others_wrote(store: Path) -> None:
    service.sign_up(EMAIL, "Win money at evil.example", "Evil Ltd", address=HERE)
    (sent,) = _mailed("confirm")
    assert "evil" not in (sent.subject + sent.text + sent.html).casefold()


def test_sign_ups_nobody_confirmed_are_forgotten(store: Path) -> None:
    token = _sign_up()
    _change(OneTimeToken, expires_at=now() - timedelta(seconds=1))
    with pytest.raises(TokenUnusable):
        service.confirm(token, PASSWORD)
    _change(Account, created_at=now() - timedelta(days=3))
    service.sign_up("new@example.org", "New", address=HERE)
    assert [row.email for row in _rows(Account)] == ["new@example.org"]


def test_many_signing_up_the_same_address_at_once_make_one_account(store: Path) -> None:
    outcomes = _at_once(
        [lambda n=n: service.sign_up(EMAIL, f"Jo {n}", address=f"192.0.2.{n}") for n in range(4)]
    )
    assert outcomes == [None] * 4
    assert len(_rows(Account)) == 1


def _at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    """Start all calls together; each one's result, or the class of what it raised."""
    barrier = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = calls[number]()
        except Exception as error:  # noqa: BLE001  whatever it is, the test judges it
            results[number] = type(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_coming_in_works_on_either_database(empty_store: Engine) -> None:
    migrations.upgrade()
    service.confirm(_sign_up(), PASSWORD)
    _turn_on(_sign_in().token)
    service.request_reset(EMAIL, address=HERE)
    token = _token("reset")
    outcomes = _at_once([lambda n=n: service.reset(token, OTHER + n) for n in "abc"])
    assert sorted(map(str, outcomes)) == sorted(map(str, [None, TokenUnusable, TokenUnusable]))
    chosen = OTHER + "abc"[outcomes.index(None)]
    waiting = []
    for _ in range(2):
        first = service.sign_in(EMAIL, chosen, address=HERE)
        assert isinstance(first, SecondFactorNeeded)
        waiting.append(first.token)
    code = pyotp.TOTP(_account().totp_secret).now()
    outcomes = _at_once(
        [lambda t=t: bool(service.sign_in_code(t, code, address=HERE)) for t in waiting]
    )
    assert outcomes.count(True) == 1
    limit = attempts.LIMITS["code"].account
    outcomes = _at_once(
        [lambda n=n: attempts.reserve("code", "x", f"192.0.2.{n}") for n in range(limit + 3)]
    )
    assert outcomes.count(None) == limit
    outcomes = _at_once(
        [lambda n=n: service.sign_up("al@example.org", "Al", address=f"192.0.2.{n}") for n in "123"]
    )
    assert outcomes == [None] * 3
    assert len(_rows(Account)) == 2
    with session_scope(write=True) as session:
        personal_data.export(session, _account().id)
        personal_data.erase(session, _account().id)
    assert _rows(AccountSession) == []


# Addresses, names, passwords


@pytest.mark.parametrize(
    "text",
    [
        "",
        "jo",
        "jo@",
        "@example.org",
        "jo@example.org, al@example.org",
        "jo@example.org\nBcc: al@example.org",
        "Jo <jo@example.org>",
        "jo@localhost",
        "jo@[127.0.0.1]",
        "j\u00f8@example.org",
        "a" * 65 + "@example.org",
        "jo@example.org\x00",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(EmailInvalid):
        identity.checked_email(text)


def test_addresses_that_differ_in_capitals_are_one(store: Path) -> None:
    assert identity.checked_email("  Jo.Smith@FORCE.Example.org ") == "Jo.Smith@force.example.org"
    assert identity.checked_email("jo@b\u00fccher.example.org") == "jo@xn--bcher-kva.example.org"
    _sign_up("Jo.Smith@Force.Example.org")
    with session_scope(write=True) as session:
        double = people.new_account(EMAIL, "Jo", "", roles=[], state="active")
        session.add(double)
        with pytest.raises(IntegrityError):
            session.flush()
        session.rollback()


@given(st.emails() | st.text())
def test_an_address_is_refused_or_fit_for_a_header(text: str) -> None:
    try:
        found = identity.checked_email(text)
    except EmailInvalid:
        return
    assert found.isascii()
    assert found.isprintable()
    assert " " not in found
    assert found.count("@") == 1 or '"' in found
    assert identity.checked_email(found) == found
    assert identity.attempt_key(text) == identity.attempt_key(found.upper())


@given(st.text())
def test_an_attempt_on_anything_has_a_short_key(text: str) -> None:
    assert re.fullmatch("[0-9a-f]{32}", identity.attempt_key(text))


@given(st.text(max_size=120))
def test_a_name_is_refused_or_one_visible_line(text: str) -> None:
    try:
        name = identity.checked_name(text)
    except NameInvalid:
        return
    assert 1 <= len(name) <= identity.NAME_LENGTH
    assert name == name.strip()
    assert len(name.splitlines()) == 1
    assert not any(unicodedata.category(letter).startswith("C") for letter in name)
    assert identity.checked_name(name) == name


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(text=st.text(max_size=90))
def test_a_name_comes_back_as_it_was_taken(member: SignedIn, text: str) -> None:
    try:
        name = identity.checked_name(text)
    except NameInvalid:
        return
    with session_scope(write=True) as session:
        profile.change_name(session, member.token, text, text)
    assert (_account().display_name, _account().organisation) == (name, name)


@pytest.mark.parametrize("name", ["", "  ", "Jo\u202eadmin", "Jo\u200b", "Jo\x07", "x" * 81])
def test_a_name_that_misleads_is_refused(name: str) -> None:
    with pytest.raises(NameInvalid):
        identity.checked_name(name)


@pytest.mark.parametrize(
    "password",
    [
        "short one",
        "password1234",
        "PasswordPassword",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "123456789012",
        "abcabcabcabcabc",
        "jo.smith@force.example.org",
        "JoSmithJoSmith",
        "x" * 257,
    ],
)
def test_passwords_guessed_first_are_refused(password: str) -> None:
    with pytest.raises(PasswordUnfit):
        passwords.check(password, EMAIL, "Jo Smith", "Force")


@pytest.mark.parametrize(
    "password", [PASSWORD, OTHER, "x7#Kq9!vTz2m", "gwylan mawr coch\u00e9", "y2Kd9 " * 42]
)
def test_other_passwords_are_taken(password: str) -> None:
    passwords.check(password, EMAIL, "Jo Smith", "Force")


def test_passwords_are_kept_as_argon2id(
    store: Path, quick_hashes: argon2.PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "_hasher", quick_hashes)
    service.confirm(_sign_up(), PASSWORD)
    stored = _account().password_hash
    assert stored.startswith("$argon2id$")
    found = argon2.extract_parameters(stored)
    assert found.memory_cost >= 19 * 1024
    assert PASSWORD not in stored


def test_the_same_letters_in_another_unicode_form_are_the_same_password(store: Path) -> None:
    service.confirm(_sign_up(), "caf\u00e9 lantern quarry")
    _sign_in(password="cafe\u0301 lantern quarry")


@pytest.mark.parametrize(
    "password", ["", "x" * 257, "x" * 1_000_000, "\ud800", "\x00", "\U0001f600"]
)
def test_any_password_can_be_tried(member: SignedIn, password: str) -> None:
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, password, address=HERE)


# Signing in


def test_a_refusal_is_the_same_whatever_was_wrong(member: SignedIn, admin: Account) -> None:
    _sign_up("waiting@example.org")
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
    _change(Account, password_hash=older)
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, OTHER, address=HERE)
    assert _account().password_hash == older
    _sign_in()
    newer = _account().password_hash
    assert argon2.extract_parameters(newer) == argon2.extract_parameters(passwords.hashed("x"))
    _sign_in()
    assert _account().password_hash == newer


def test_an_account_is_locked_for_a_while_after_many_wrong_passwords(member: SignedIn) -> None:
    most = attempts.LIMITS["password"].account
    for number in range(most):
        with pytest.raises(SignInRefused):
            service.sign_in(EMAIL, OTHER, address=f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts) as refused:
        service.sign_in(EMAIL.upper(), PASSWORD, address="198.51.100.7")
    assert timedelta(0) < refused.value.wait <= attempts.LIMITS["password"].window
    assert "minute" in str(refused.value)
    _change(Attempt, at=now() - attempts.LIMITS["password"].window)
    _sign_in()
    assert [row for row in _rows(Attempt) if row.kind == "password"] == []


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
    _sign_in(address="2001:db8:1:3::1")


def test_all_together_are_stopped(member: SignedIn) -> None:
    limit = attempts.LIMITS["password"]
    with session_scope(write=True) as session:
        for number in range(limit.overall):
            session.add(Attempt(kind="password", who=f"{number}", address=f"{number}", at=now()))
    with pytest.raises(TooManyAttempts):
        service.sign_in(EMAIL, PASSWORD, address=HERE)


def test_guesses_sent_all_at_once_are_counted_too(store: Path) -> None:
    limit = attempts.LIMITS["code"].account
    outcomes = _at_once(
        [lambda n=n: attempts.reserve("code", "same", f"192.0.2.{n}") for n in range(limit + 5)]
    )
    assert outcomes.count(None) == limit
    assert outcomes.count(TooManyAttempts) == 5


def test_attempts_are_kept_for_a_day_without_the_address_tried(store: Path) -> None:
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)
    assert EMAIL not in str(_rows(Attempt))
    _change(Attempt, at=now() - timedelta(days=2))
    attempts.reserve("mail", "other", HERE)
    assert [row.kind for row in _rows(Attempt)] == ["mail"]


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


# Sessions


def test_signing_in_gives_a_new_token_and_ends_the_session_before(member: SignedIn) -> None:
    again = _sign_in(replacing=member.token)
    assert again.token != member.token
    assert sessions.who(member.token) is None
    assert sessions.who(again.token) is not None


def test_a_session_fixed_by_another_is_not_taken_over(store: Path) -> None:
    service.confirm(_sign_up(), PASSWORD)
    signed_in = _sign_in(replacing="chosen-by-an-attacker")
    assert signed_in.token != "chosen-by-an-attacker"
    assert sessions.who("chosen-by-an-attacker") is None


@pytest.mark.parametrize("token", ["", "x", "\x00", "\ud800", "' OR 1=1 --", "a" * 100_000])
def test_a_forged_token_is_nobody(member: SignedIn, token: str) -> None:
    assert sessions.who(token) is None


def test_the_store_holds_no_token_that_could_be_used(member: SignedIn, store: Path) -> None:
    service.request_reset(EMAIL, address=HERE)
    reset = _token("reset")
    _change(Mail, text="", html="")  # as when they have been sent
    kept = _everything_in(store)
    for secret in (member.token, reset, PASSWORD):
        assert secret not in kept
    hashed = [row.token_hash for row in _rows(AccountSession)]
    assert sessions.who(hashed[0]) is None


def test_signing_out_ends_the_session_on_the_server(member: SignedIn) -> None:
    with session_scope(write=True) as session:
        sessions.sign_out(session, member.token)
    assert sessions.who(member.token) is None


def test_signing_out_everywhere(member: SignedIn) -> None:
    others = [_sign_in().token for _ in range(2)]
    with session_scope(write=True) as session:
        assert profile.sign_out_everywhere(session, others[0], but_here=True) == 2
    assert [bool(sessions.who(token)) for token in (member.token, *others)] == [False, True, False]
    with session_scope(write=True) as session:
        assert profile.sign_out_everywhere(session, others[0]) == 1
    assert sessions.who(others[0]) is None


def test_a_session_ends_when_unused_and_in_any_case_in_the_end(member: SignedIn) -> None:
    _change(AccountSession, last_seen_at=now() - sessions.IDLE)
    assert sessions.who(member.token) is None
    second = _sign_in()
    assert len(_rows(AccountSession)) == 1  # the stale one was cleared away
    _change(AccountSession, expires_at=now())
    assert sessions.who(second.token) is None
    with session_scope() as session:
        assert sessions.of_account(session, member.account.id) == []


def test_being_here_is_noted_every_few_minutes(member: SignedIn) -> None:
    seen = _rows(AccountSession)[0].last_seen_at
    sessions.who(member.token)
    assert _rows(AccountSession)[0].last_seen_at == seen
    _change(AccountSession, last_seen_at=now() - timedelta(hours=1))
    sessions.who(member.token)
    assert _rows(AccountSession)[0].last_seen_at > seen
    assert _account().last_seen_at == _rows(AccountSession)[0].last_seen_at


def test_risky_changes_need_the_password_typed_lately(member: SignedIn) -> None:
    _change(AccountSession, proved_at=now() - sessions.PROVED)
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


# Passwords forgotten and changed; addresses changed


def test_a_forgotten_password_is_reset_once_and_ends_all_sessions(member: SignedIn) -> None:
    service.request_reset(EMAIL, address=HERE)
    service.request_reset(EMAIL, address=HERE)
    first, second = (
        re.search(r"token=([\w-]+)", sent.text)[1]
        for sent in _mailed("reset")  # type: ignore[index]
    )
    service.reset(first, OTHER)
    assert sessions.who(member.token) is None
    for token in (first, second):
        with pytest.raises(TokenUnusable):
            service.reset(token, PASSWORD)
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)
    _sign_in(password=OTHER)
    assert [sent.subject for sent in _mailed("security_notice")] == ["Your password was changed"]


def test_a_reset_link_dies_at_sign_in_and_at_a_change_of_password(member: SignedIn) -> None:
    service.request_reset(EMAIL, address=HERE)
    before_sign_in = _token("reset")
    signed_in = _sign_in()
    with pytest.raises(TokenUnusable):
        service.reset(before_sign_in, OTHER)
    service.request_reset(EMAIL, address=HERE)
    before_change = _token("reset")
    profile.change_password(signed_in.token, OTHER)
    with pytest.raises(TokenUnusable):
        service.reset(before_change, PASSWORD)


def test_of_two_resets_at_once_one_wins(member: SignedIn) -> None:
    service.request_reset(EMAIL, address=HERE)
    token = _token("reset")
    outcomes = _at_once(
        [lambda: service.reset(token, OTHER), lambda: service.reset(token, PASSWORD + "!")]
    )
    assert sorted(map(str, outcomes)) == sorted(map(str, [None, TokenUnusable]))
    chosen = (OTHER, PASSWORD + "!")[outcomes.index(None)]
    _sign_in(password=chosen)
    assert _actions().count("account.password_changed") == 1


def test_a_reset_for_nobody_says_nothing_and_sends_nothing(store: Path) -> None:
    assert service.request_reset("nobody@example.org", address=HERE) is None
    _sign_up()
    assert service.request_reset(EMAIL, address=HERE) is None
    assert _mailed("reset") == []


def test_mail_to_one_address_is_limited(member: SignedIn) -> None:
    with pytest.raises(TooManyAttempts):
        for number in range(10):
            service.request_reset(EMAIL, address=f"192.0.2.{number}")
    assert len(_mailed("reset")) < attempts.LIMITS["mail"].account


def test_a_reset_does_not_get_around_the_second_factor(member: SignedIn) -> None:
    _turn_on(member.token)
    service.request_reset(EMAIL, address=HERE)
    service.reset(_token("reset"), OTHER)
    assert isinstance(service.sign_in(EMAIL, OTHER, address=HERE), SecondFactorNeeded)


def test_a_reset_lets_its_owner_back_in_after_others_guessed(member: SignedIn) -> None:
    for number in range(attempts.LIMITS["password"].account):
        attempts.reserve("password", identity.attempt_key(EMAIL), f"192.0.2.{number}")
    service.request_reset(EMAIL, address=HERE)
    service.reset(_token("reset"), OTHER)
    _sign_in(password=OTHER)


def test_changing_the_password_ends_other_sessions(member: SignedIn) -> None:
    other = _sign_in()
    changed = profile.change_password(member.token, OTHER)
    assert sessions.who(other.token) is None
    assert sessions.who(member.token) is None
    assert sessions.who(changed.token) is not None
    with pytest.raises(PasswordUnfit):
        profile.change_password(changed.token, "password1234")


def test_a_new_address_counts_once_its_link_was_opened(member: SignedIn) -> None:
    service.request_reset(EMAIL, address=HERE)
    reset = _token("reset")
    profile.request_email_change(member.token, "New.Jo@example.org", address=HERE)
    assert _account().email == EMAIL
    (asked,) = _mailed("email_confirm")
    assert asked.recipient == "New.Jo@example.org"
    link = _token("email_confirm")
    assert profile.confirm_email(link).email == "New.Jo@example.org"
    with pytest.raises(TokenUnusable):
        profile.confirm_email(link)
    with pytest.raises(TokenUnusable):  # it went to the old address
        service.reset(reset, OTHER)
    assert [(sent.recipient, sent.subject) for sent in _mailed("security_notice")] == [
        (EMAIL, "Your e-mail address was changed")
    ]
    _sign_in("new.jo@example.org")
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)


def test_an_address_somebody_has_is_not_taken_from_them(member: SignedIn, admin: Account) -> None:
    assert profile.request_email_change(member.token, "ADMIN@example.org", address=HERE) is None
    assert _mailed("email_confirm") == []
    assert [sent.recipient for sent in _mailed("already_registered")] == [admin.email]


def test_an_address_taken_in_the_meantime_is_left_alone(member: SignedIn) -> None:
    profile.request_email_change(member.token, "new@example.org", address=HERE)
    link = _token("email_confirm")
    administration.add("new@example.org", "N", roles=[], password=OTHER, actor="command line")
    with pytest.raises(TokenUnusable):
        profile.confirm_email(link)
    assert _account().email == EMAIL


def test_one_address_can_ask_only_so_often_for_changes(member: SignedIn) -> None:
    with pytest.raises(TooManyAttempts):
        for number in range(40):
            profile.request_email_change(member.token, f"a{number}@example.org", address=HERE)


# Second factor


def _turn_on(token: str) -> tuple[str, second_factor.Enabled]:
    secret = second_factor.offer(token).secret
    enabled = second_factor.enable(token, pyotp.TOTP(secret).now())
    _change(Account, totp_last_step=0)
    return secret, enabled


@pytest.fixture
def guarded(member: SignedIn) -> Iterator[tuple[str, second_factor.Enabled]]:
    """The member with a second factor: its secret, and what turning it on gave."""
    return _turn_on(member.token)  # type: ignore[return-value]


Guarded = tuple[str, second_factor.Enabled]


def _first_step() -> str:
    found = service.sign_in(EMAIL, PASSWORD, address=HERE)
    assert isinstance(found, SecondFactorNeeded)
    return found.token


def test_turning_it_on_takes_a_code_and_renews_the_session(member: SignedIn) -> None:
    other = _sign_in()
    offered = second_factor.offer(member.token)
    assert offered.uri.startswith("otpauth://totp/Safer%20Practice:")
    with pytest.raises(CodeRefused):
        second_factor.enable(member.token, "12345")
    assert not _account().second_factor
    _sign_in()  # nothing is asked for until a code showed that the app works
    enabled = second_factor.enable(member.token, pyotp.TOTP(offered.secret).now())
    assert len(set(enabled.recovery_codes)) == second_factor.RECOVERY_CODES
    assert sessions.who(other.token) is None
    assert sessions.who(member.token) is None
    assert sessions.who(enabled.signed_in.token) is not None


def test_both_steps_sign_in(guarded: Guarded) -> None:
    token = _first_step()
    assert sessions.who(token) is None  # the first step alone opens nothing
    signed_in = service.sign_in_code(token, pyotp.TOTP(guarded[0]).now(), address=HERE)
    assert sessions.who(signed_in.token) is not None
    with pytest.raises(TokenUnusable):
        service.sign_in_code(token, pyotp.TOTP(guarded[0]).now(), address=HERE)


@pytest.mark.parametrize("spoil", ["{}", "{} ", " {}", "{}\u00a0", "{}-", "{}\u2009"])
def test_a_code_is_good_once_however_it_is_written(guarded: Guarded, spoil: str) -> None:
    code = pyotp.TOTP(guarded[0]).now()
    service.sign_in_code(_first_step(), f"{code[:3]} {code[3:]}", address=HERE)
    with pytest.raises(CodeRefused):
        service.sign_in_code(_first_step(), spoil.format(code), address=HERE)
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    with pytest.raises(CodeRefused):
        service.sign_in_code(_first_step(), full_width, address=HERE)


def test_an_earlier_code_is_worth_nothing_after_a_later_one(guarded: Guarded) -> None:
    totp = pyotp.TOTP(guarded[0])
    service.sign_in_code(_first_step(), totp.at(now(), counter_offset=1), address=HERE)
    with pytest.raises(CodeRefused):
        service.sign_in_code(_first_step(), totp.at(now()), address=HERE)


def test_a_code_of_long_ago_is_refused_and_a_wrong_one_can_be_put_right(guarded: Guarded) -> None:
    token, totp = _first_step(), pyotp.TOTP(guarded[0])
    for wrong in (
        totp.at(now(), counter_offset=-4),
        "",
        "abcdef",
        "\u0661\u0662\u0663\u0664\u0665\u0666",
    ):
        with pytest.raises(CodeRefused):
            service.sign_in_code(token, wrong, address=HERE)
    service.sign_in_code(token, totp.now(), address=HERE)


def test_guessing_codes_is_limited_for_the_account(guarded: Guarded) -> None:
    for number in range(attempts.LIMITS["code"].account):
        with pytest.raises(CodeRefused):
            service.sign_in_code(_first_step(), "000000x", address=f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts):
        service.sign_in_code(_first_step(), pyotp.TOTP(guarded[0]).now(), address=HERE)


def test_of_two_uses_of_one_code_at_once_one_wins(guarded: Guarded) -> None:
    one, two = _first_step(), _first_step()
    code = pyotp.TOTP(guarded[0]).now()
    outcomes = _at_once(
        [
            lambda: type(service.sign_in_code(one, code, address=HERE)),
            lambda: type(service.sign_in_code(two, code, address=HERE)),
        ]
    )
    # The loser finds its code used, or its own first step ended by the winner's sign-in.
    assert outcomes.count(SignedIn) == 1
    assert set(outcomes) - {SignedIn} <= {CodeRefused, TokenUnusable}


def test_a_recovery_code_works_once_in_any_writing(guarded: Guarded) -> None:
    code = guarded[1].recovery_codes[0]
    assert code.replace("-", "") not in str(_rows(RecoveryCode))
    service.sign_in_code(_first_step(), f" {code.lower().replace('-', ' ')} ", address=HERE)
    with session_scope() as session:
        left = second_factor.recovery_codes_left(session, _account().id)
    assert left == second_factor.RECOVERY_CODES - 1
    with pytest.raises(CodeRefused):
        service.sign_in_code(_first_step(), code, address=HERE)
    assert "account.recovery_code_used" in _actions()
    subjects = [sent.subject for sent in _mailed("security_notice")]
    assert "A recovery code was used to sign in" in subjects


def test_new_recovery_codes_replace_the_old(guarded: Guarded) -> None:
    fresh = second_factor.new_recovery_codes(guarded[1].signed_in.token)
    with pytest.raises(CodeRefused):
        service.sign_in_code(_first_step(), guarded[1].recovery_codes[1], address=HERE)
    service.sign_in_code(_first_step(), fresh[1], address=HERE)


def test_without_a_second_factor_there_are_no_recovery_codes(member: SignedIn) -> None:
    with pytest.raises(CodeRefused):
        second_factor.new_recovery_codes(member.token)


def test_turning_it_off_forgets_secret_and_codes(guarded: Guarded) -> None:
    waiting = _first_step()
    second_factor.disable(guarded[1].signed_in.token)
    assert _rows(RecoveryCode) == []
    assert _account().totp_secret == ""
    with pytest.raises(TokenUnusable):
        service.sign_in_code(waiting, pyotp.TOTP(guarded[0]).now(), address=HERE)
    _sign_in()


def test_disabling_an_account_ends_a_half_done_sign_in(guarded: Guarded) -> None:
    waiting = _first_step()
    with session_scope(write=True) as session:
        administration.disable(session, _account().id, actor="command line")
    with pytest.raises(TokenUnusable):
        service.sign_in_code(waiting, pyotp.TOTP(guarded[0]).now(), address=HERE)


def test_an_admin_helps_who_lost_the_second_factor(guarded: Guarded, admin: Account) -> None:
    with session_scope(write=True) as session:
        administration.remove_second_factor(session, _account().id, actor=admin.actor)
    assert sessions.who(guarded[1].signed_in.token) is None
    assert _mailed("security_notice")[-1].subject == "The second factor was turned off"
    _sign_in()
    entry = next(row for row in _rows(AuditEntry) if row.action.endswith("factor_disabled"))
    assert entry.actor == admin.actor


# Sign-in by an outside service


def _outside(subject: str = "s1", **changes: Any) -> SignedIn | SecondFactorNeeded:
    values = {"email": EMAIL, "email_verified": True, "display_name": "Jo"}
    return service.sign_in_outside("https://id.example.org", subject, **{**values, **changes})


def test_an_outside_service_makes_an_account_and_finds_it_again(store: Path) -> None:
    first = _outside()
    assert isinstance(first, SignedIn)
    assert first.account.state == "active"
    # The identity counts from then on, whatever address the service gives.
    again = _outside(email="changed@example.org", email_verified=False)
    assert isinstance(again, SignedIn)
    assert again.account.id == first.account.id
    assert len(_rows(Account)) == 1
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, "", address=HERE)


def test_an_address_the_service_did_not_verify_opens_nothing(member: SignedIn) -> None:
    with pytest.raises(SignInRefused):
        _outside(email_verified=False)
    with pytest.raises(SignInRefused):
        _outside("s2", email="new@example.org", email_verified=False)
    assert _rows(AccountIdentity) == []


def test_it_joins_an_account_and_its_second_factor_still_counts(guarded: Guarded) -> None:
    found = _outside()
    assert isinstance(found, SecondFactorNeeded)
    service.sign_in_code(found.token, pyotp.TOTP(guarded[0]).now(), address=HERE)
    assert _rows(AccountIdentity)[0].account_id == _account().id
    assert "another service" in _mailed("security_notice")[-1].subject


def test_it_confirms_a_sign_up_and_kills_its_link(store: Path) -> None:
    token = _sign_up()
    assert isinstance(_outside(), SignedIn)
    with pytest.raises(TokenUnusable):
        service.confirm(token, PASSWORD)


def test_it_does_not_bring_back_a_disabled_account(member: SignedIn) -> None:
    _outside()
    with session_scope(write=True) as session:
        administration.disable(session, member.account.id, actor="command line")
    for subject in ("s1", "s2"):
        with pytest.raises(SignInRefused):
            _outside(subject)
    with session_scope(write=True) as session:
        administration.enable(session, member.account.id, actor="command line")
    assert isinstance(_outside(), SignedIn)


# Roles


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
    assert _sign_in().account.roles == ["contributor", "librarian"]
    entry = next(row for row in _rows(AuditEntry) if row.action == "account.roles_changed")
    assert (entry.actor, entry.subject_id) == (admin.actor, member.account.id)
    assert entry.detail["after"] == ["contributor", "librarian"]
    with session_scope(write=True) as session:
        administration.set_roles(
            session, member.account.id, ["contributor", "librarian"], actor=admin.actor
        )
    assert _actions().count("account.roles_changed") == 1


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
        service.reset(_token("reset"), OTHER)
    assert _actions().count("account.disabled") == 1
    with session_scope(write=True) as session:
        assert administration.enable(session, member.account.id, actor="x").state == "active"
        administration.enable(session, member.account.id, actor="x")
    _sign_in()


def test_enabling_does_not_confirm_an_address(store: Path) -> None:
    _sign_up()
    with session_scope(write=True) as session:
        administration.disable(session, _account().id, actor="x")
        assert administration.enable(session, _account().id, actor="x").state == "unconfirmed"


def test_an_account_that_is_not_there(store: Path) -> None:
    with session_scope() as session, pytest.raises(AccountNotFound):
        people.get(session, "nobody")
    with pytest.raises(AccountExists):
        for _ in range(2):
            administration.add("a@example.org", "A", roles=[], password=OTHER, actor="x")


# What a person gave


def test_everything_a_person_gave_is_handed_out(guarded: Guarded) -> None:
    account = _account()
    _outside()
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
    assert "account.exported" in _actions()


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
    assert _account().state == "active"
    assert sessions.who(member.token) is not None


def test_erasing_leaves_contributions_under_a_placeholder(guarded: Guarded, store: Path) -> None:
    account = _account()
    token = guarded[1].signed_in.token
    _outside()
    service.request_reset(EMAIL, address=HERE)
    with session_scope(write=True) as session:
        records.save(
            session, practice(id="gates"), door="form", actor=account.actor, state="published"
        )
    before = len(_rows(AuditEntry))
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
        assert _rows(table) == []
    assert sessions.who(token) is None
    assert len(_rows(AuditEntry)) == before + 1
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)
    # One last mail says so; when it has gone, neither address nor name is anywhere in the store.
    assert jobs.settle() == []
    (last,) = (store / "mail").iterdir()
    assert "erased" in last.read_text()
    kept = _everything_in(store)
    assert EMAIL not in kept
    assert "Jo Smith" not in kept
    with session_scope(write=True) as session:
        personal_data.erase(session, account.id)  # again does nothing
    assert len(_rows(AuditEntry)) == before + 1


def test_an_erased_address_can_sign_up_afresh(member: SignedIn) -> None:
    personal_data.erase_own(member.token)
    signed_in = service.confirm(_sign_up(), PASSWORD)
    assert signed_in.account.id != member.account.id


# What is written down


def test_every_change_is_written_down_and_no_secret_is(
    guarded: Guarded, admin: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    code = guarded[1].recovery_codes[0]
    first = _first_step()
    signed_in = service.sign_in_code(first, code, address=HERE)
    service.request_reset(EMAIL, address=HERE)
    reset = _token("reset")
    service.reset(reset, OTHER)
    jobs.settle()
    noted = _actions()
    for action in (
        "signed_up",
        "confirmed",
        "signed_in",
        "second_factor_offered",
        "second_factor_enabled",
        "recovery_codes_made",
        "recovery_code_used",
        "reset_requested",
        "password_changed",
        "added",
    ):
        assert f"account.{action}" in noted
    written = caplog.text + "".join(
        json.dumps([row.actor, row.action, row.subject_id, row.detail]) for row in _rows(AuditEntry)
    )
    secrets = (PASSWORD, OTHER, reset, first, signed_in.token, code, guarded[0], EMAIL, "Jo Smith")
    for secret in secrets:
        assert secret not in written


def test_a_change_that_is_not_kept_leaves_no_entry(member: SignedIn) -> None:
    before = _actions()
    with pytest.raises(RuntimeError), session_scope(write=True) as session:
        administration.disable(session, member.account.id, actor="x")
        raise RuntimeError
    assert _actions() == before
    assert _account().state == "active"


# Commands

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_first_admin_is_made_on_the_command_line(store: Path, run_kb: Run) -> None:
    made = run_kb("users", "add", EMAIL, "--name", "Jo", "--role", "admin", "--generate", "--json")
    assert made.returncode == 0, made.stderr
    given = json.loads(made.stdout)
    assert given["roles"] == ["admin"]
    assert _sign_in(password=given["password"]).account.roles == ["admin"]
    again = run_kb("users", "add", EMAIL, "--name", "Jo", "--role", "admin", "--generate")
    assert again.returncode == 1
    assert "already an account" in again.stderr


def _kb(*words: str, typed: str = "") -> click.testing.Result:
    return click.testing.CliRunner().invoke(cli, words, input=typed)


def test_a_password_can_be_typed(store: Path) -> None:
    made = _kb(
        *("users", "add", EMAIL, "--name", "Jo", "--role", "librarian"), typed=f"{PASSWORD}\n" * 2
    )
    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    assert _sign_in().account.roles == ["librarian"]


def test_listing_giving_roles_and_disabling(member: SignedIn, admin: Account) -> None:
    def users(*words: str) -> Any:
        done = _kb("users", *words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    assert [row["email"] for row in users("list")] == [EMAIL, admin.email]
    assert [row["email"] for row in users("list", "--role", "admin")] == [admin.email]
    changed = users("role", EMAIL.upper(), "--add", "librarian", "--remove", "contributor")
    assert changed["roles"] == ["practitioner", "librarian"]
    assert users("disable", EMAIL, "--reason", "left")["state"] == "disabled"
    assert [row["email"] for row in users("list", "--state", "disabled")] == [EMAIL]
    assert users("disable", EMAIL, "--undo")["state"] == "active"
    assert "password_hash" not in str(users("list"))
    assert EMAIL in _kb("users", "list").stdout
    last = _kb("users", "disable", admin.email)
    assert (last.exit_code, "last active admin" in last.output) == (1, True)
    unknown = _kb("users", "role", "nobody@example.org", "--add", "admin")
    assert unknown.exit_code == 1
    assert "kb users list" in unknown.output
    assert _kb("users", "role", EMAIL, "--add", "king").exit_code == 2


def test_no_command_takes_a_password_as_an_argument() -> None:
    from kb.accounts.commands import users

    for command in users.commands.values():
        assert not any("password" in (option.name or "") for option in command.params)


def test_tokens_cannot_be_guessed() -> None:
    made = {tokens.new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(token) >= 43 for token in made)
