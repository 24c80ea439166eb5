"""Signing in through an outside service."""

from pathlib import Path

import pyotp
import pytest

from kb.accounts import administration, service
from kb.accounts.errors import SignInRefused, TokenUnusable
from kb.accounts.models import Account, AccountIdentity
from kb.accounts.service import SecondFactorNeeded
from kb.accounts.sessions import SignedIn
from kb.database import session_scope
from tests.kb.accounts.someone import (
    EMAIL,
    HERE,
    PASSWORD,
    Guarded,
    from_outside,
    mailed,
    rows_of,
    sign_up,
    the_account,
)


def test_an_outside_service_makes_an_account_and_finds_it_again(store: Path) -> None:
    first = from_outside()
    assert isinstance(first, SignedIn)
    assert first.account.state == "active"
    # The identity counts from then on, whatever address the service gives.
    again = from_outside(email="changed@example.org", email_verified=False)
    assert isinstance(again, SignedIn)
    assert again.account.id == first.account.id
    assert len(rows_of(Account)) == 1
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, "", address=HERE)


def test_an_address_the_service_did_not_verify_opens_nothing(member: SignedIn) -> None:
    with pytest.raises(SignInRefused):
        from_outside(email_verified=False)
    with pytest.raises(SignInRefused):
        from_outside("s2", email="new@example.org", email_verified=False)
    assert rows_of(AccountIdentity) == []


def test_it_joins_an_account_and_its_second_factor_still_counts(guarded: Guarded) -> None:
    found = from_outside()
    assert isinstance(found, SecondFactorNeeded)
    service.sign_in_code(found.token, pyotp.TOTP(guarded[0]).now(), address=HERE)
    assert rows_of(AccountIdentity)[0].account_id == the_account().id
    assert "another service" in mailed("security_notice")[-1].subject


def test_it_confirms_a_sign_up_and_kills_its_link(store: Path) -> None:
    token = sign_up()
    assert isinstance(from_outside(), SignedIn)
    with pytest.raises(TokenUnusable):
        service.confirm(token, PASSWORD)


def test_it_does_not_bring_back_a_disabled_account(member: SignedIn) -> None:
    from_outside()
    with session_scope(write=True) as session:
        administration.disable(session, member.account.id, actor="command line")
    for subject in ("s1", "s2"):
        with pytest.raises(SignInRefused):
            from_outside(subject)
    with session_scope(write=True) as session:
        administration.enable(session, member.account.id, actor="command line")
    assert isinstance(from_outside(), SignedIn)
