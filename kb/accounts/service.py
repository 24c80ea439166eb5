"""Coming in: sign-up, confirmation, sign-in in one or two steps, and a forgotten password.

These functions open transactions of their own: a password is hashed outside any, since that takes
long and a writer would hold up all others, and an attempt stays counted whatever becomes of it.
Where they queue mail, call `jobs.wake_worker` afterwards.
"""

from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kb.accounts import attempts, passwords, people, sessions, tokens
from kb.accounts.errors import (
    EmailInvalid,
    NameInvalid,
    OutsideRefused,
    SignInRefused,
    TokenUnusable,
)
from kb.accounts.identity import NAME_LENGTH, attempt_key, checked_email, checked_name
from kb.accounts.models import Account, AccountIdentity
from kb.accounts.notices import link, note, send, tell
from kb.accounts.roles import NEW_ACCOUNT_ROLES
from kb.accounts.second_factor import accept_code
from kb.accounts.sessions import SignedIn
from kb.accounts.timing import steady
from kb.database import now, session_scope


@dataclass(frozen=True)
class SecondFactorNeeded:
    """The password was right; `token` is to be given back with a code within ten minutes."""

    token: str = field(repr=False)


def sign_up(email: str, display_name: str, organisation: str = "", *, address: str) -> None:
    """Send a link that confirms the address; the password is chosen when it is opened.

    What the caller sees is the same whether or not the address has an account; its owner is told
    by mail. Raises EmailInvalid, NameInvalid, TooManyAttempts.
    """
    email = checked_email(email)
    display_name = checked_name(display_name)
    organisation = checked_name(organisation, label="Organisation", required=False)
    attempts.reserve("mail", attempt_key(email), address)
    with steady():
        try:
            _sign_up(email, display_name, organisation)
        except IntegrityError:
            # The same address was signed up at the same moment; this time it will be found.
            _sign_up(email, display_name, organisation)


def _sign_up(email: str, display_name: str, organisation: str) -> None:
    with session_scope(write=True) as session:
        people.forget_unconfirmed(session)
        account = people.by_email(session, email)
        if account is not None and account.state != "unconfirmed":
            if account.state == "active":
                send(session, account, "already_registered")
            return
        if account is None:
            account = people.new_account(
                email,
                display_name,
                organisation,
                roles=list(NEW_ACCOUNT_ROLES),
                state="unconfirmed",
            )
            session.add(account)
            session.flush()
            note(session, account, "signed_up")
        else:
            account.display_name, account.organisation = display_name, organisation
            session.add(account)
        token = tokens.issue(session, "confirm", account.id)
        send(session, account, "confirm", link=link("confirm", token))


def confirm(token: str, password: str, display_name: str = "", *, replacing: str = "") -> SignedIn:
    """Take an account into use with the password chosen, and sign it in.

    Only who reads the mail chooses the password, so nobody can lay claim to another's address by
    signing it up first. `display_name` changes the name given at sign-up. Raises TokenUnusable,
    PasswordUnfit, NameInvalid.
    """
    with session_scope() as session:
        account = people.get(session, tokens.peek(session, "confirm", token).account_id)
    name = checked_name(display_name or account.display_name)
    passwords.check(password, account.email, name, account.organisation)
    password_hash = passwords.hashed(password)
    with session_scope(write=True) as session:
        account = people.get(session, tokens.redeem(session, "confirm", token).account_id)
        if account.state != "unconfirmed":
            raise TokenUnusable
        account.state, account.password_hash = "active", password_hash
        account.display_name = name
        session.add(account)
        note(session, account, "confirmed")
        return _begin(session, account, replacing)


def sign_in(
    email: str, password: str, *, address: str, replacing: str = ""
) -> SignedIn | SecondFactorNeeded:
    """Sign in, or say that a code is needed too.

    An unknown address costs the same time and gets the same text as a wrong password.
    `replacing` is the token of the session the browser had, which ends. Raises SignInRefused,
    TooManyAttempts.
    """
    key = attempt_key(email)
    attempts.reserve("password", key, address)
    account = _account_of(email)
    stored = account.password_hash if account is not None and account.state == "active" else ""
    if not passwords.verify(stored, password) or account is None:
        raise SignInRefused
    newer = passwords.rehashed(stored, password)
    with session_scope(write=True) as session:
        account = people.get(session, account.id)
        if account.state != "active" or account.password_hash != stored:
            raise SignInRefused  # disabled, or given another password, a moment ago
        attempts.forgive(session, "password", key)
        if newer is not None:
            account.password_hash = newer
            session.add(account)
            note(session, account, "password_rehashed")
        return _first_step_done(session, account, replacing)


def _account_of(email: str) -> Account | None:
    try:
        known = checked_email(email)
    except EmailInvalid:
        return None
    with session_scope() as session:
        return people.by_email(session, known)


def _first_step_done(
    session: Session, account: Account, replacing: str
) -> SignedIn | SecondFactorNeeded:
    if account.second_factor:
        return SecondFactorNeeded(tokens.issue(session, "second-factor", account.id))
    return _begin(session, account, replacing)


def _begin(session: Session, account: Account, replacing: str) -> SignedIn:
    # Somebody who can sign in needs no reset any more; one left in a mailbox would be a way in.
    tokens.revoke(session, account.id, "reset", "second-factor")
    note(session, account, "signed_in")
    return sessions.start(session, account, replacing=replacing)


def sign_in_code(token: str, code: str, *, address: str, replacing: str = "") -> SignedIn:
    """The second step: a code of the app or a recovery code. A wrong one may be tried again.

    Raises TokenUnusable, CodeRefused, TooManyAttempts.
    """
    with session_scope() as session:
        account = people.get(session, tokens.peek(session, "second-factor", token).account_id)
    key = attempt_key(account.email)
    attempts.reserve("code", key, address)
    with session_scope(write=True) as session:
        account = people.get(session, tokens.redeem(session, "second-factor", token).account_id)
        if account.state != "active":
            raise TokenUnusable
        accept_code(session, account, code)
        attempts.forgive(session, "code", key)
        return _begin(session, account, replacing)


def sign_in_outside(
    issuer: str,
    subject: str,
    *,
    email: str,
    email_verified: bool,
    display_name: str = "",
    replacing: str = "",
) -> SignedIn | SecondFactorNeeded:
    """Sign in somebody whom an outside service (OpenID Connect) vouches for.

    The first time, the account with the same address is joined to that identity, or one is made;
    for that the service must have verified the address. Raises OutsideRefused.
    """
    try:
        return _sign_in_outside(issuer, subject, email, email_verified, display_name, replacing)
    except IntegrityError:
        # Two tabs came back at once and the other was first; this time it will be found.
        return _sign_in_outside(issuer, subject, email, email_verified, display_name, replacing)


def _sign_in_outside(
    issuer: str, subject: str, email: str, verified: bool, display_name: str, replacing: str
) -> SignedIn | SecondFactorNeeded:
    with session_scope(write=True) as session:
        identity = session.get(AccountIdentity, (issuer, subject))
        if identity is not None:
            account = people.get(session, identity.account_id)
        elif verified:
            account = _join_identity(session, issuer, subject, _vouched(email), display_name)
        else:
            raise OutsideRefused(
                "That service has not confirmed your e-mail address, so it cannot open an account "
                "here. Confirm the address there first, or sign in with your password."
            )
        if account.state != "active":
            raise OutsideRefused(
                "The account with that e-mail address is not in use here. Ask whoever runs this "
                "site."
            )
        return _first_step_done(session, account, replacing)


def _vouched(email: str) -> str:
    try:
        return checked_email(email)
    except EmailInvalid:
        raise OutsideRefused(
            "That service gave no e-mail address that can be used here. Make an account with one "
            "instead."
        ) from None


def _name_given(display_name: str, email: str) -> str:
    """What to call somebody new: they can change it, so an odd name must not keep them out."""
    try:
        return checked_name(display_name)
    except NameInvalid:
        return checked_name(email.partition("@")[0][:NAME_LENGTH])


def _join_identity(
    session: Session, issuer: str, subject: str, email: str, display_name: str
) -> Account:
    account = people.by_email(session, email)
    if account is None:
        name = _name_given(display_name, email)
        account = people.new_account(email, name, "", roles=list(NEW_ACCOUNT_ROLES), state="active")
        session.add(account)
        session.flush()
        note(session, account, "signed_up", issuer=issuer)
    elif account.state == "unconfirmed":
        account.state = "active"
        tokens.revoke(session, account.id, "confirm")
        session.add(account)
        note(session, account, "confirmed", issuer=issuer)
    elif account.state == "active":
        tell(session, account, "Signing in through another service was turned on")
    if account.state == "active":
        session.add(
            AccountIdentity(issuer=issuer, subject=subject, account_id=account.id, created_at=now())
        )
        note(session, account, "identity_joined", issuer=issuer)
        session.flush()
    return account


def request_reset(email: str, *, address: str) -> None:
    """Send a link to choose a new password, if the address has an account in use.

    What the caller sees is the same either way. Raises EmailInvalid, TooManyAttempts.
    """
    email = checked_email(email)
    attempts.reserve("mail", attempt_key(email), address)
    with steady(), session_scope(write=True) as session:
        account = people.by_email(session, email)
        if account is None or account.state != "active":
            return
        note(session, account, "reset_requested")
        token = tokens.issue(session, "reset", account.id)
        send(session, account, "reset", link=link("reset", token))


def reset(token: str, password: str) -> None:
    """Set a new password; all sessions end, and every other reset link dies.

    Nobody is signed in by it, so a second factor is still asked for. Raises TokenUnusable,
    PasswordUnfit.
    """
    with session_scope() as session:
        account = people.get(session, tokens.peek(session, "reset", token).account_id)
    passwords.check(password, account.email, account.display_name, account.organisation)
    password_hash = passwords.hashed(password)
    with session_scope(write=True) as session:
        account = people.get(session, tokens.redeem(session, "reset", token).account_id)
        if account.state != "active":
            raise TokenUnusable
        set_password(session, account, password_hash)
        sessions.end_all(session, account.id)
        attempts.forgive(session, "password", attempt_key(account.email))


def set_password(session: Session, account: Account, password_hash: str) -> None:
    """Store a new password's hash; links and half-done sign-ins of the old one die."""
    account.password_hash = password_hash
    session.add(account)
    tokens.revoke(session, account.id, "reset", "second-factor", "email")
    note(session, account, "password_changed")
    tell(session, account, "Your password was changed")
