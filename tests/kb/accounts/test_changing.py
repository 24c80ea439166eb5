"""Passwords forgotten and changed; addresses changed."""

import re
from pathlib import Path

import pytest

from kb.accounts import administration, attempts, identity, profile, service, sessions
from kb.accounts.errors import PasswordUnfit, SignInRefused, TokenUnusable, TooManyAttempts
from kb.accounts.models import Account
from kb.accounts.service import SecondFactorNeeded
from kb.accounts.sessions import SignedIn
from tests.kb.accounts.someone import (
    EMAIL,
    HERE,
    OTHER,
    PASSWORD,
    actions_noted,
    at_once,
    mailed,
    sign_in,
    sign_up,
    the_account,
    token_in,
    turn_on,
)


def test_a_forgotten_password_is_reset_once_and_ends_all_sessions(member: SignedIn) -> None:
    service.request_reset(EMAIL, address=HERE)
    service.request_reset(EMAIL, address=HERE)
    first, second = (
        re.search(r"token=([\w-]+)", sent.text)[1]
        for sent in mailed("reset")  # type: ignore[index]
    )
    service.reset(first, OTHER)
    assert sessions.who(member.token) is None
    for token in (first, second):
        with pytest.raises(TokenUnusable):
            service.reset(token, PASSWORD)
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)
    sign_in(password=OTHER)
    assert [sent.subject for sent in mailed("security_notice")] == ["Your password was changed"]


def test_a_reset_link_dies_at_sign_in_and_at_a_change_of_password(member: SignedIn) -> None:
    service.request_reset(EMAIL, address=HERE)
    before_sign_in = token_in("reset")
    signed_in = sign_in()
    with pytest.raises(TokenUnusable):
        service.reset(before_sign_in, OTHER)
    service.request_reset(EMAIL, address=HERE)
    before_change = token_in("reset")
    profile.change_password(signed_in.token, OTHER)
    with pytest.raises(TokenUnusable):
        service.reset(before_change, PASSWORD)


def test_of_two_resets_at_once_one_wins(member: SignedIn) -> None:
    service.request_reset(EMAIL, address=HERE)
    token = token_in("reset")
    outcomes = at_once(
        [lambda: service.reset(token, OTHER), lambda: service.reset(token, PASSWORD + "!")]
    )
    assert sorted(map(str, outcomes)) == sorted(map(str, [None, TokenUnusable]))
    chosen = (OTHER, PASSWORD + "!")[outcomes.index(None)]
    sign_in(password=chosen)
    assert actions_noted().count("account.password_changed") == 1


def test_a_reset_for_nobody_says_nothing_and_sends_nothing(store: Path) -> None:
    assert service.request_reset("nobody@example.org", address=HERE) is None
    sign_up()
    assert service.request_reset(EMAIL, address=HERE) is None
    assert mailed("reset") == []


def test_mail_to_one_address_is_limited(member: SignedIn) -> None:
    with pytest.raises(TooManyAttempts):
        for number in range(10):
            service.request_reset(EMAIL, address=f"192.0.2.{number}")
    assert len(mailed("reset")) < attempts.LIMITS["mail"].account


def test_a_reset_does_not_get_around_the_second_factor(member: SignedIn) -> None:
    turn_on(member.token)
    service.request_reset(EMAIL, address=HERE)
    service.reset(token_in("reset"), OTHER)
    assert isinstance(service.sign_in(EMAIL, OTHER, address=HERE), SecondFactorNeeded)


def test_a_reset_lets_its_owner_back_in_after_others_guessed(member: SignedIn) -> None:
    for number in range(attempts.LIMITS["password"].account):
        attempts.reserve("password", identity.attempt_key(EMAIL), f"192.0.2.{number}")
    service.request_reset(EMAIL, address=HERE)
    service.reset(token_in("reset"), OTHER)
    sign_in(password=OTHER)


def test_changing_the_password_ends_other_sessions(member: SignedIn) -> None:
    other = sign_in()
    changed = profile.change_password(member.token, OTHER)
    assert sessions.who(other.token) is None
    assert sessions.who(member.token) is None
    assert sessions.who(changed.token) is not None
    with pytest.raises(PasswordUnfit):
        profile.change_password(changed.token, "password1234")


def test_a_new_address_counts_once_its_link_was_opened(member: SignedIn) -> None:
    service.request_reset(EMAIL, address=HERE)
    reset = token_in("reset")
    profile.request_email_change(member.token, "New.Jo@example.org", address=HERE)
    assert the_account().email == EMAIL
    (asked,) = mailed("email_confirm")
    assert asked.recipient == "New.Jo@example.org"
    link = token_in("email_confirm")
    assert profile.confirm_email(link).email == "New.Jo@example.org"
    with pytest.raises(TokenUnusable):
        profile.confirm_email(link)
    with pytest.raises(TokenUnusable):  # it went to the old address
        service.reset(reset, OTHER)
    assert [(sent.recipient, sent.subject) for sent in mailed("security_notice")] == [
        (EMAIL, "Your e-mail address was changed")
    ]
    sign_in("new.jo@example.org")
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, PASSWORD, address=HERE)


def test_an_address_somebody_has_is_not_taken_from_them(member: SignedIn, admin: Account) -> None:
    assert profile.request_email_change(member.token, "ADMIN@example.org", address=HERE) is None
    assert mailed("email_confirm") == []
    assert [sent.recipient for sent in mailed("already_registered")] == [admin.email]


def test_an_address_taken_in_the_meantime_is_left_alone(member: SignedIn) -> None:
    profile.request_email_change(member.token, "new@example.org", address=HERE)
    link = token_in("email_confirm")
    administration.add("new@example.org", "N", roles=[], password=OTHER, actor="command line")
    with pytest.raises(TokenUnusable):
        profile.confirm_email(link)
    assert the_account().email == EMAIL


def test_one_address_can_ask_only_so_often_for_changes(member: SignedIn) -> None:
    with pytest.raises(TooManyAttempts):
        for number in range(40):
            profile.request_email_change(member.token, f"a{number}@example.org", address=HERE)
