"""What a signed-in person changes about their own account.

Each function takes the token of the session, so that it cannot be called for anybody else. Risky
ones need the password typed lately: on ProveAgain ask for it, call `prove`, and repeat.
"""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from kb.accounts import attempts, passwords, people, sessions, tokens
from kb.accounts.errors import SignInRefused, TokenUnusable
from kb.accounts.identity import attempt_key, checked_email, checked_name, email_key
from kb.accounts.models import Account
from kb.accounts.notices import link, note, send
from kb.accounts.service import set_password
from kb.accounts.sessions import SignedIn
from kb.accounts.timing import steady
from kb.database import session_scope


def prove(token: str, password: str, *, address: str) -> SignedIn:
    """Type the password again; the session goes on under a new token.

    Raises NotSignedIn, SignInRefused, TooManyAttempts.
    """
    with session_scope() as session:
        account = sessions.require(session, token).account
    key = attempt_key(account.email)
    attempts.reserve("password", key, address)
    if not passwords.verify(account.password_hash, password):
        raise SignInRefused
    with session_scope(write=True) as session:
        if sessions.require(session, token).account.password_hash != account.password_hash:
            raise SignInRefused  # changed a moment ago
        attempts.forgive(session, "password", key)
        note(session, account, "proved")
        return sessions.renew(session, token, proved=True)


def change_password(token: str, password: str) -> SignedIn:
    """Set a new password; other sessions end, this one gets a new token.

    Raises NotSignedIn, ProveAgain, PasswordUnfit.
    """
    with session_scope() as session:
        account = sessions.require(session, token, proved=True).account
    passwords.check(password, account.email, account.display_name, account.organisation)
    password_hash = passwords.hashed(password)
    with session_scope(write=True) as session:
        account = sessions.require(session, token, proved=True).account
        set_password(session, account, password_hash)
        renewed = sessions.renew(session, token)
        sessions.end_all(session, account.id, but=renewed.token)
        return renewed


def change_name(session: Session, token: str, display_name: str, organisation: str = "") -> Account:
    """Change what others see, in the session's transaction. Raises NotSignedIn, NameInvalid."""
    account = sessions.require(session, token).account
    name = checked_name(display_name)
    body = checked_name(organisation, label="Organisation", required=False)
    if (account.display_name, account.organisation) != (name, body):
        account.display_name, account.organisation = name, body
        session.add(account)
        note(session, account, "renamed")
    return account


def request_email_change(token: str, email: str, *, address: str) -> None:
    """Send a link to the new address; the old one stays until it is opened.

    What the caller sees is the same when the address is another account's; its owner is told.
    Raises NotSignedIn, ProveAgain, EmailInvalid, TooManyAttempts.
    """
    email = checked_email(email)
    with session_scope() as session:
        sessions.require(session, token, proved=True)
    attempts.reserve("mail", attempt_key(email), address)
    with steady(), session_scope(write=True) as session:
        account = sessions.require(session, token, proved=True).account
        holder = people.by_email(session, email)
        if holder is not None and holder.id != account.id:
            if holder.state == "active":
                send(session, holder, "already_registered")
            return
        tokens.revoke(session, account.id, "email")
        made = tokens.issue(session, "email", account.id, email=email)
        note(session, account, "email_change_requested")
        send(session, account, "email_confirm", to=email, link=link("email", made))


def confirm_email(token: str) -> Account:
    """Take the new address into use; the old one is told. `token` is the link's.

    Raises TokenUnusable, also when another account took the address in the meantime.
    """
    try:
        with session_scope(write=True) as session:
            redeemed = tokens.redeem(session, "email", token)
            account = people.get(session, redeemed.account_id)
            if account.state != "active":
                raise TokenUnusable
            send(session, account, "security_notice", what="Your e-mail address was changed")
            account.email, account.email_key = redeemed.email, email_key(redeemed.email)
            session.add(account)
            # Links sent to the old address must not open the account any more.
            tokens.revoke(session, account.id, "reset")
            note(session, account, "email_changed")
            session.flush()
            return account
    except IntegrityError:
        raise TokenUnusable from None


def sign_out_everywhere(session: Session, token: str, *, but_here: bool = False) -> int:
    """End all sessions of whoever holds this one, or all others; returns how many ended.

    Raises NotSignedIn.
    """
    account = sessions.require(session, token).account
    ended = sessions.end_all(session, account.id, but=token if but_here else "")
    note(session, account, "signed_out_everywhere", sessions=ended)
    return ended
