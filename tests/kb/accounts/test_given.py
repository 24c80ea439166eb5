"""What people give of themselves: addresses, names and passwords, taken or refused."""

import re
import unicodedata
from pathlib import Path

import argon2
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from kb.accounts import identity, passwords, people, profile, service
from kb.accounts.errors import EmailInvalid, NameInvalid, PasswordUnfit, SignInRefused
from kb.accounts.sessions import SignedIn
from kb.database import session_scope
from tests.kb.accounts.someone import EMAIL, HERE, OTHER, PASSWORD, sign_in, sign_up, the_account


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
    sign_up("Jo.Smith@Force.Example.org")
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
    assert (the_account().display_name, the_account().organisation) == (name, name)


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
    service.confirm(sign_up(), PASSWORD)
    stored = the_account().password_hash
    assert stored.startswith("$argon2id$")
    found = argon2.extract_parameters(stored)
    assert found.memory_cost >= 19 * 1024
    assert PASSWORD not in stored


def test_the_same_letters_in_another_unicode_form_are_the_same_password(store: Path) -> None:
    service.confirm(sign_up(), "caf\u00e9 lantern quarry")
    sign_in(password="cafe\u0301 lantern quarry")


@pytest.mark.parametrize(
    "password", ["", "x" * 257, "x" * 1_000_000, "\ud800", "\x00", "\U0001f600"]
)
def test_any_password_can_be_tried(member: SignedIn, password: str) -> None:
    with pytest.raises(SignInRefused):
        service.sign_in(EMAIL, password, address=HERE)
