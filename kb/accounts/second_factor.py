"""The second factor: time-based codes of an app (TOTP), and recovery codes for a lost one."""

import re
import secrets
import unicodedata
from dataclasses import dataclass, field

import pyotp
from sqlmodel import Session, col, delete, func, select, update

from kb.accounts import sessions, tokens
from kb.accounts.errors import CodeRefused
from kb.accounts.models import Account, RecoveryCode
from kb.accounts.notices import note, tell
from kb.accounts.sessions import SignedIn
from kb.database import now, session_scope
from kb.settings import settings

RECOVERY_CODES = 10
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that look alike
_CODE_LENGTH = 16


@dataclass(frozen=True)
class Offer:
    """What an authenticator app needs: the secret to type, or the address for a QR code."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True)
class Enabled:
    """The renewed session, and the recovery codes, which are shown this once."""

    signed_in: SignedIn
    recovery_codes: list[str] = field(repr=False)


def offer(token: str) -> Offer:
    """Make a secret for the person to put into their app; it counts once `enable` got a code.

    Raises NotSignedIn, ProveAgain.
    """
    with session_scope(write=True) as session:
        account = sessions.require(session, token, proved=True).account
        account.totp_offered = pyotp.random_base32()
        session.add(account)
        note(session, account, "second_factor_offered")
        return _offer_to(account)


def offered(token: str) -> Offer:
    """The secret that `offer` made last, to be shown again. Raises NotSignedIn, ProveAgain."""
    with session_scope() as session:
        return _offer_to(sessions.require(session, token, proved=True).account)


def _offer_to(account: Account) -> Offer:
    uri = pyotp.TOTP(account.totp_offered).provisioning_uri(
        name=account.email, issuer_name=settings().site_name
    )
    return Offer(account.totp_offered, uri)


def enable(token: str, code: str) -> Enabled:
    """Turn the second factor on with a code of the secret offered; other sessions end.

    Raises NotSignedIn, ProveAgain, CodeRefused.
    """
    with session_scope(write=True) as session:
        account = sessions.require(session, token, proved=True).account
        step = _step(account.totp_offered, _plain(code))
        if step is None:
            raise CodeRefused
        account.totp_secret, account.totp_offered = account.totp_offered, ""
        account.totp_last_step = step
        session.add(account)
        codes = _new_recovery_codes(session, account)
        note(session, account, "second_factor_enabled")
        tell(session, account, "A second factor was turned on")
        return Enabled(_only_this_session(session, account, token), codes)


def disable(token: str) -> SignedIn:
    """Turn the second factor off; other sessions end. Raises NotSignedIn, ProveAgain."""
    with session_scope(write=True) as session:
        account = sessions.require(session, token, proved=True).account
        remove(session, account)
        return _only_this_session(session, account, token)


def remove(session: Session, account: Account, *, actor: str = "") -> None:
    """Take the second factor away, as an admin does for somebody who lost app and codes."""
    account.totp_secret = account.totp_offered = ""
    account.totp_last_step = 0
    session.add(account)
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    tokens.revoke(session, account.id, "second-factor")
    note(session, account, "second_factor_disabled", actor=actor)
    tell(session, account, "The second factor was turned off")


def new_recovery_codes(token: str) -> list[str]:
    """Replace all recovery codes; the new ones are shown this once.

    Raises NotSignedIn, ProveAgain, CodeRefused when there is no second factor.
    """
    with session_scope(write=True) as session:
        account = sessions.require(session, token, proved=True).account
        if not account.second_factor:
            raise CodeRefused
        tell(session, account, "New recovery codes were made")
        return _new_recovery_codes(session, account)


def recovery_codes_left(session: Session, account_id: str) -> int:
    """How many recovery codes an account can still use."""
    return session.exec(
        select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    ).one()


def accept_code(session: Session, account: Account, code: str) -> None:
    """Use up a code of the app or a recovery code. Raises CodeRefused."""
    plain = _plain(code)
    if len(plain) == _CODE_LENGTH:
        _use_recovery_code(session, account, plain)
        return
    step = _step(account.totp_secret, plain)
    # Only a step later than the last one used: a code that somebody looked over is worth nothing.
    # The condition stands in the change itself, so that of two at once one fails.
    used = step is not None and session.exec(
        update(Account)
        .where(col(Account.id) == account.id, col(Account.totp_last_step) < step)
        .values(totp_last_step=step)
    )
    if not used or used.rowcount != 1:
        raise CodeRefused


def _use_recovery_code(session: Session, account: Account, plain: str) -> None:
    used = session.exec(
        delete(RecoveryCode).where(
            col(RecoveryCode.account_id) == account.id,
            col(RecoveryCode.code_hash) == tokens.token_hash(plain),
        )
    )
    if used.rowcount != 1:
        raise CodeRefused
    note(session, account, "recovery_code_used")
    tell(session, account, "A recovery code was used to sign in")


def _new_recovery_codes(session: Session, account: Account) -> list[str]:
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))
    plain = [
        "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    for code in plain:
        session.add(RecoveryCode(account_id=account.id, code_hash=tokens.token_hash(code)))
    note(session, account, "recovery_codes_made")
    return ["-".join(re.findall("....", code)) for code in plain]


def _plain(code: str) -> str:
    """A code as it was meant, without the spaces and hyphens that people and apps put in."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code[:100])).upper()


def _step(secret: str, plain: str) -> int | None:
    """The time step (30 s) whose code this is, now or one step to either side; else None."""
    if not secret or not re.fullmatch(r"[0-9]{6}", plain):
        return None
    totp = pyotp.TOTP(secret)
    here = totp.timecode(now())
    for step in (here, here - 1, here + 1):
        if secrets.compare_digest(totp.generate_otp(step), plain):
            return step
    return None


def _only_this_session(session: Session, account: Account, token: str) -> SignedIn:
    renewed = sessions.renew(session, token)
    sessions.end_all(session, account.id, but=renewed.token)
    return renewed
