"""The second factor: turned on and off, codes good once, and help for who lost it."""

import pyotp
import pytest

from kb.accounts import administration, attempts, second_factor, service, sessions
from kb.accounts.errors import CodeRefused, TokenUnusable, TooManyAttempts
from kb.accounts.models import Account, RecoveryCode
from kb.accounts.sessions import SignedIn
from kb.audit import AuditEntry
from kb.database import now, session_scope
from tests.kb.accounts.someone import (
    HERE,
    Guarded,
    actions_noted,
    at_once,
    first_step,
    mailed,
    rows_of,
    sign_in,
    the_account,
)


def test_turning_it_on_takes_a_code_and_renews_the_session(member: SignedIn) -> None:
    other = sign_in()
    offered = second_factor.offer(member.token)
    assert offered.uri.startswith("otpauth://totp/Safer%20Practice:")
    with pytest.raises(CodeRefused):
        second_factor.enable(member.token, "12345")
    assert not the_account().second_factor
    sign_in()  # nothing is asked for until a code showed that the app works
    enabled = second_factor.enable(member.token, pyotp.TOTP(offered.secret).now())
    assert len(set(enabled.recovery_codes)) == second_factor.RECOVERY_CODES
    assert sessions.who(other.token) is None
    assert sessions.who(member.token) is None
    assert sessions.who(enabled.signed_in.token) is not None


def test_both_steps_sign_in(guarded: Guarded) -> None:
    token = first_step()
    assert sessions.who(token) is None  # the first step alone opens nothing
    signed_in = service.sign_in_code(token, pyotp.TOTP(guarded[0]).now(), address=HERE)
    assert sessions.who(signed_in.token) is not None
    with pytest.raises(TokenUnusable):
        service.sign_in_code(token, pyotp.TOTP(guarded[0]).now(), address=HERE)


@pytest.mark.parametrize("spoil", ["{}", "{} ", " {}", "{}\u00a0", "{}-", "{}\u2009"])
def test_a_code_is_good_once_however_it_is_written(guarded: Guarded, spoil: str) -> None:
    code = pyotp.TOTP(guarded[0]).now()
    service.sign_in_code(first_step(), f"{code[:3]} {code[3:]}", address=HERE)
    with pytest.raises(CodeRefused):
        service.sign_in_code(first_step(), spoil.format(code), address=HERE)
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    with pytest.raises(CodeRefused):
        service.sign_in_code(first_step(), full_width, address=HERE)


def test_an_earlier_code_is_worth_nothing_after_a_later_one(guarded: Guarded) -> None:
    totp = pyotp.TOTP(guarded[0])
    service.sign_in_code(first_step(), totp.at(now(), counter_offset=1), address=HERE)
    with pytest.raises(CodeRefused):
        service.sign_in_code(first_step(), totp.at(now()), address=HERE)


def test_a_code_of_long_ago_is_refused_and_a_wrong_one_can_be_put_right(guarded: Guarded) -> None:
    token, totp = first_step(), pyotp.TOTP(guarded[0])
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
            service.sign_in_code(first_step(), "000000x", address=f"192.0.2.{number}")
    with pytest.raises(TooManyAttempts):
        service.sign_in_code(first_step(), pyotp.TOTP(guarded[0]).now(), address=HERE)


def test_of_two_uses_of_one_code_at_once_one_wins(guarded: Guarded) -> None:
    one, two = first_step(), first_step()
    code = pyotp.TOTP(guarded[0]).now()
    outcomes = at_once(
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
    assert code.replace("-", "") not in str(rows_of(RecoveryCode))
    service.sign_in_code(first_step(), f" {code.lower().replace('-', ' ')} ", address=HERE)
    with session_scope() as session:
        left = second_factor.recovery_codes_left(session, the_account().id)
    assert left == second_factor.RECOVERY_CODES - 1
    with pytest.raises(CodeRefused):
        service.sign_in_code(first_step(), code, address=HERE)
    assert "account.recovery_code_used" in actions_noted()
    subjects = [sent.subject for sent in mailed("security_notice")]
    assert "A recovery code was used to sign in" in subjects


def test_new_recovery_codes_replace_the_old(guarded: Guarded) -> None:
    fresh = second_factor.new_recovery_codes(guarded[1].signed_in.token)
    with pytest.raises(CodeRefused):
        service.sign_in_code(first_step(), guarded[1].recovery_codes[1], address=HERE)
    service.sign_in_code(first_step(), fresh[1], address=HERE)


def test_without_a_second_factor_there_are_no_recovery_codes(member: SignedIn) -> None:
    with pytest.raises(CodeRefused):
        second_factor.new_recovery_codes(member.token)


def test_turning_it_off_forgets_secret_and_codes(guarded: Guarded) -> None:
    waiting = first_step()
    second_factor.disable(guarded[1].signed_in.token)
    assert rows_of(RecoveryCode) == []
    assert the_account().totp_secret == ""
    with pytest.raises(TokenUnusable):
        service.sign_in_code(waiting, pyotp.TOTP(guarded[0]).now(), address=HERE)
    sign_in()


def test_disabling_an_account_ends_a_half_done_sign_in(guarded: Guarded) -> None:
    waiting = first_step()
    with session_scope(write=True) as session:
        administration.disable(session, the_account().id, actor="command line")
    with pytest.raises(TokenUnusable):
        service.sign_in_code(waiting, pyotp.TOTP(guarded[0]).now(), address=HERE)


def test_an_admin_helps_who_lost_the_second_factor(guarded: Guarded, admin: Account) -> None:
    with session_scope(write=True) as session:
        administration.remove_second_factor(session, the_account().id, actor=admin.actor)
    assert sessions.who(guarded[1].signed_in.token) is None
    assert mailed("security_notice")[-1].subject == "The second factor was turned off"
    sign_in()
    entry = next(row for row in rows_of(AuditEntry) if row.action.endswith("factor_disabled"))
    assert entry.actor == admin.actor
