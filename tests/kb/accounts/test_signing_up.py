"""Signing up: the link, the password, and nobody else's address."""

from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from sqlalchemy import Engine

from kb import migrations
from kb.accounts import administration, attempts, personal_data, profile, roles, service, sessions
from kb.accounts.errors import PasswordUnfit, SignInRefused, TokenUnusable
from kb.accounts.models import Account, AccountSession, OneTimeToken
from kb.accounts.service import SecondFactorNeeded
from kb.accounts.sessions import SignedIn
from kb.alerts.mail import Mail
from kb.database import now, session_scope
from tests.kb.accounts.someone import (
    EMAIL,
    HERE,
    OTHER,
    PASSWORD,
    at_once,
    change_all,
    mailed,
    rows_of,
    sign_in,
    sign_up,
    the_account,
    token_in,
    turn_on,
)


def test_signing_up_takes_the_link_and_a_password(store: Path) -> None:
    token = sign_up()
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)
    account = the_account()
    assert (account.state, account.password_hash) == ("unconfirmed", "")
    signed_in = service.confirm(token, PASSWORD)
    assert signed_in.account.state == "active"
    assert signed_in.account.roles == list(roles.NEW_ACCOUNT_ROLES)
    current = sessions.who(signed_in.token)
    assert current is not None
    assert current.account.id == account.id
    assert sign_in().account.id == account.id


def test_a_confirmation_link_works_once(store: Path) -> None:
    token = sign_up()
    service.confirm(token, PASSWORD)
    with pytest.raises(TokenUnusable):
        service.confirm(token, OTHER)
    sign_in()


def test_a_refused_password_does_not_use_up_the_link(store: Path) -> None:
    token = sign_up()
    with pytest.raises(PasswordUnfit):
        service.confirm(token, "short")
    service.confirm(token, PASSWORD)


def test_a_link_of_one_kind_is_none_of_another(store: Path) -> None:
    token = sign_up()
    for use in (lambda: service.reset(token, OTHER), lambda: profile.confirm_email(token)):
        with pytest.raises(TokenUnusable):
            use()


def test_nobody_can_claim_an_address_by_signing_it_up_first(store: Path) -> None:
    service.sign_up(EMAIL, "Mallory", address="198.51.100.1")
    service.sign_up(EMAIL.upper(), "Jo Smith", address=HERE)
    assert len(rows_of(Account)) == 1
    # Whichever link is opened, the password is the one typed by who reads the mail.
    signed_in = service.confirm(token_in("confirm"), PASSWORD)
    assert signed_in.account.display_name == "Jo Smith"
    sign_in()


def test_signing_up_again_tells_the_owner_and_nobody_else(member: SignedIn) -> None:
    assert service.sign_up(EMAIL.title(), "Mallory", address="198.51.100.1") is None
    assert len(rows_of(Account)) == 1
    assert the_account().display_name == "Jo Smith"
    (told,) = mailed("already_registered")
    assert told.recipient == EMAIL
    assert len(mailed("confirm")) == 1


def test_a_disabled_account_cannot_be_signed_up_again(member: SignedIn) -> None:
    with session_scope(write=True) as session:
        administration.disable(session, member.account.id, actor="command line")
    before = len(rows_of(Mail))
    service.sign_up(EMAIL, "Jo", address=HERE)
    assert len(rows_of(Mail)) == before
    assert the_account().state == "disabled"


def test_mails_to_strangers_carry_nothing_that_others_wrote(store: Path) -> None:
    service.sign_up(EMAIL, "Win money at evil.example", "Evil Ltd", address=HERE)
    (sent,) = mailed("confirm")
    assert "evil" not in (sent.subject + sent.text + sent.html).casefold()


def test_sign_ups_nobody_confirmed_are_forgotten(store: Path) -> None:
    token = sign_up()
    change_all(OneTimeToken, expires_at=now() - timedelta(seconds=1))
    with pytest.raises(TokenUnusable):
        service.confirm(token, PASSWORD)
    change_all(Account, created_at=now() - timedelta(days=3))
    service.sign_up("new@example.org", "New", address=HERE)
    assert [row.email for row in rows_of(Account)] == ["new@example.org"]


def test_many_signing_up_the_same_address_at_once_make_one_account(store: Path) -> None:
    outcomes = at_once(
        [lambda n=n: service.sign_up(EMAIL, f"Jo {n}", address=f"192.0.2.{n}") for n in range(4)]
    )
    assert outcomes == [None] * 4
    assert len(rows_of(Account)) == 1


def test_coming_in_works_on_either_database(empty_store: Engine) -> None:
    migrations.upgrade()
    service.confirm(sign_up(), PASSWORD)
    turn_on(sign_in().token)
    service.request_reset(EMAIL, address=HERE)
    token = token_in("reset")
    outcomes = at_once([lambda n=n: service.reset(token, OTHER + n) for n in "abc"])
    assert sorted(map(str, outcomes)) == sorted(map(str, [None, TokenUnusable, TokenUnusable]))
    chosen = OTHER + "abc"[outcomes.index(None)]
    waiting = []
    for _ in range(2):
        first = service.sign_in(EMAIL, chosen, address=HERE)
        assert isinstance(first, SecondFactorNeeded)
        waiting.append(first.token)
    code = pyotp.TOTP(the_account().totp_secret).now()
    outcomes = at_once(
        [lambda t=t: bool(service.sign_in_code(t, code, address=HERE)) for t in waiting]
    )
    assert outcomes.count(True) == 1
    limit = attempts.LIMITS["code"].account
    outcomes = at_once(
        [lambda n=n: attempts.reserve("code", "x", f"192.0.2.{n}") for n in range(limit + 3)]
    )
    assert outcomes.count(None) == limit
    outcomes = at_once(
        [lambda n=n: service.sign_up("al@example.org", "Al", address=f"192.0.2.{n}") for n in "123"]
    )
    assert outcomes == [None] * 3
    assert len(rows_of(Account)) == 2
    with session_scope(write=True) as session:
        personal_data.export(session, the_account().id)
        personal_data.erase(session, the_account().id)
    assert rows_of(AccountSession) == []
