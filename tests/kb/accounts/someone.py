"""Somebody with an account, and what tests ask and do about them."""

import re
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyotp
from sqlmodel import SQLModel, col, select, update

from kb.accounts import people, second_factor, service
from kb.accounts.models import Account
from kb.accounts.service import SecondFactorNeeded
from kb.accounts.sessions import SignedIn
from kb.alerts.mail import Mail
from kb.audit import AuditEntry
from kb.database import session_scope

PASSWORD = "kestrel anvil Tuesday"
OTHER = "marmalade quarry lantern"
EMAIL = "jo.smith@force.example.org"
HERE = "203.0.113.9"


def rows_of(table: type[SQLModel]) -> list[Any]:
    with session_scope() as session:
        return list(session.exec(select(table)))


def the_account() -> Account:
    with session_scope() as session:
        found = people.by_email(session, EMAIL)
        assert found is not None
        return found


def change_all(table: type[SQLModel], **values: Any) -> None:
    """Set columns of all rows, as time or another process would have."""
    with session_scope(write=True) as session:
        session.exec(update(table).values(**values))


def mailed(template: str) -> list[Mail]:
    with session_scope() as session:
        return list(
            session.exec(
                select(Mail).where(Mail.template == template).order_by(col(Mail.queued_at))
            )
        )


def token_in(template: str) -> str:
    """The token in the link of the newest mail of a kind."""
    found = re.search(r"token=([\w-]+)", mailed(template)[-1].text)
    assert found is not None
    return found[1]


def sign_up(email: str = EMAIL, name: str = "Jo Smith") -> str:
    service.sign_up(email, name, "Force", address=HERE)
    return token_in("confirm")


def sign_in(email: str = EMAIL, password: str = PASSWORD, **more: Any) -> SignedIn:
    found = service.sign_in(email, password, **{"address": HERE, **more})
    assert isinstance(found, SignedIn)
    return found


def everything_in(store: Path) -> str:
    """All that can be read of the store, as one text."""
    connection = sqlite3.connect(store / "kb.sqlite")
    try:
        return "\n".join(connection.iterdump())
    finally:
        connection.close()


def actions_noted() -> list[str]:
    return [row.action for row in rows_of(AuditEntry)]


Guarded = tuple[str, second_factor.Enabled]


def turn_on(token: str) -> tuple[str, second_factor.Enabled]:
    secret = second_factor.offer(token).secret
    enabled = second_factor.enable(token, pyotp.TOTP(secret).now())
    change_all(Account, totp_last_step=0)
    return secret, enabled


def first_step() -> str:
    found = service.sign_in(EMAIL, PASSWORD, address=HERE)
    assert isinstance(found, SecondFactorNeeded)
    return found.token


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
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


def from_outside(subject: str = "s1", **changes: Any) -> SignedIn | SecondFactorNeeded:
    values = {"email": EMAIL, "email_verified": True, "display_name": "Jo"}
    return service.sign_in_outside("https://id.example.org", subject, **{**values, **changes})
