"""Mail: written in the transaction of the change that calls for it, sent by a job.

A mail keeps one Message-ID. Should the worker die between handing it over and noting so, it is
handed over once more under the same id, which mail programs show once. When it has gone, the
store forgets whom it went to and what it said. Without KB_SMTP_HOST it is written to a file in
KB_HOME/mail instead.
"""

import logging
import smtplib
import ssl
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy import Column, Text
from sqlmodel import Field, Session, SQLModel, col, delete, func, select

from kb import jobs
from kb.database import UtcDateTime, now, session_scope
from kb.errors import KbError
from kb.folders import Check
from kb.settings import settings

logger = logging.getLogger(__name__)

JOB = "mail.send"
TEMPLATES = Path(__file__).parent / "templates"
_KEPT = timedelta(days=30)
_GIVEN_UP_AFTER = timedelta(days=2)
_LATE = timedelta(minutes=15)
_SECONDS_TO_ANSWER = 30


class MailNotSent(KbError):
    """The mail server refused this mail; the message says why, without the address."""


class Mail(SQLModel, table=True):
    """One mail to send or sent. What it said and to whom is emptied when it has gone."""

    __tablename__ = "mail"

    id: str = Field(primary_key=True)
    message_id: str = Field(unique=True)
    account_id: str = Field(default="", index=True)
    template: str
    recipient: str
    subject: str
    text: str = Field(repr=False, sa_column=Column(Text, nullable=False))
    html: str = Field(repr=False, sa_column=Column(Text, nullable=False))
    unsubscribe: str = ""
    reply_to: str = ""
    tries: int = 0
    error: str = ""
    queued_at: datetime = Field(sa_column=Column(UtcDateTime, nullable=False, index=True))
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcDateTime))


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def site_address() -> str:
    """The site's address in mails, without a slash at the end.

    It comes from the settings alone: what a request says of itself may be forged, and would then
    stand in the link of a password reset.
    """
    return settings().site_address


def one_line(text: str) -> str:
    """A text fit for a header: no line breaks or other control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def render(template: str, context: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, plain text and HTML of a mail; the first line of the text template is the subject.

    Raises jinja2.UndefinedError when the context lacks something.
    """
    values = {"site": site_address(), "site_name": one_line(settings().site_name), **context}
    first, _, text = _templates().get_template(f"{template}.txt").render(values).partition("\n")
    subject = one_line(first.removeprefix("Subject:"))
    html = _templates().get_template(f"{template}.html").render({**values, "subject": subject})
    return subject, text.strip() + "\n", html


def queue(
    session: Session,
    *,
    to: str,
    template: str,
    context: dict[str, Any],
    account_id: str = "",
    message_id: str = "",
    unsubscribe: str = "",
    reply_to: str = "",
) -> Mail:
    """Write a mail and queue its sending, both in the session's transaction.

    `to` and `reply_to` (where answers go, if not to us) are bare addresses. With a `message_id`
    used before, nothing is queued and the earlier mail is returned. `unsubscribe` is an address
    that ends such mails on a POST; the template has it too. Call `jobs.wake_worker` after the
    commit.
    """
    subject, text, html = render(template, {"unsubscribe": unsubscribe, **context})
    session.exec(delete(Mail).where(col(Mail.sent_at) < now() - _KEPT))
    mail_id = uuid.uuid4().hex
    domain = settings().mail_from.rpartition("@")[2]
    message_id = message_id or f"<{mail_id}@{domain}>"
    earlier = session.exec(select(Mail).where(Mail.message_id == message_id)).first()
    if earlier is not None:
        return earlier
    mail = Mail(
        id=mail_id,
        message_id=message_id,
        account_id=account_id,
        template=template,
        recipient=to,
        subject=subject,
        text=text,
        html=html,
        unsubscribe=unsubscribe,
        reply_to=reply_to,
        queued_at=now(),
    )
    session.add(mail)
    jobs.enqueue(session, JOB, {"mail": mail.id}, key=mail.id)
    return mail


def message(mail: Mail) -> EmailMessage:
    """The mail as it goes out. Raises MailNotSent when a header would hold a line break."""
    made = EmailMessage(policy=SMTP)
    try:
        made["From"] = Address(
            display_name=one_line(settings().site_name), addr_spec=settings().mail_from
        )
        made["To"] = Address(addr_spec=mail.recipient)
        made["Subject"] = mail.subject
        made["Date"] = format_datetime(mail.queued_at)
        made["Message-ID"] = mail.message_id
        made["Auto-Submitted"] = "auto-generated"
        if mail.reply_to:
            made["Reply-To"] = Address(addr_spec=mail.reply_to)
        if mail.unsubscribe:
            made["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
            made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    except (ValueError, IndexError) as error:
        raise MailNotSent(
            f"Mail {mail.id} has a header that cannot be sent; check KB_MAIL_FROM. "
            f"({type(error).__name__})"
        ) from None
    made.set_content(mail.text)
    made.add_alternative(mail.html, subtype="html")
    return made


@contextmanager
def _server() -> Iterator[smtplib.SMTP]:
    """A connection to the mail server. Never falls back to sending in the clear."""
    here = settings()
    trusted = ssl.create_default_context()
    if here.smtp_tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            here.smtp_host, here.smtp_port, timeout=_SECONDS_TO_ANSWER, context=trusted
        )
    else:
        server = smtplib.SMTP(here.smtp_host, here.smtp_port, timeout=_SECONDS_TO_ANSWER)
    with server:
        if here.smtp_tls == "starttls":
            server.starttls(context=trusted)
        if here.smtp_user:
            server.login(here.smtp_user, here.smtp_password)
        yield server


def _write(mail: Mail, made: EmailMessage) -> Path:
    folder = settings().home / "mail"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{mail.id}.eml"
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_bytes(made.as_bytes())
    part.replace(path)
    return path


def _deliver(mail: Mail) -> None:
    """Hand a mail over. Raises MailNotSent when refused for good, OSError when not just now."""
    made = message(mail)
    if not settings().smtp_host:
        path = _write(mail, made)
        logger.warning("KB_SMTP_HOST is not set, so the mail was written to %s", path)
        return
    with _server() as server:
        try:
            server.send_message(made, settings().mail_from, [mail.recipient])
        except smtplib.SMTPRecipientsRefused as error:
            # The error names the address, which has no place in a log.
            code = next(iter(error.recipients.values()))[0]
            _refused(mail, code)
        except smtplib.SMTPResponseException as error:
            _refused(mail, error.smtp_code)


def _refused(mail: Mail, code: int) -> None:
    if 500 <= code < 600:
        raise MailNotSent(f"The mail server refused mail {mail.id} for good ({code}).") from None
    raise OSError(f"the mail server asks to try again later ({code})") from None


def send(payload: dict[str, Any]) -> None:
    """Send one queued mail: the job `mail.send`. One that has gone, or is gone, is left alone.

    A server that cannot be reached is tried again for two days. Raises MailNotSent.
    """
    with session_scope() as session:
        mail = session.get(Mail, payload["mail"])
    if mail is None or mail.sent_at is not None:
        return
    try:
        _deliver(mail)
    except OSError as error:  # smtplib's own errors are OSErrors too
        if now() - mail.queued_at > _GIVEN_UP_AFTER:
            raise MailNotSent(f"Mail {mail.id} was given up after two days: {error}") from None
        _try_later(mail.id, error)
    else:
        _forget_content(mail.id)


def _try_later(mail_id: str, error: OSError) -> None:
    with session_scope(write=True) as session:
        mail = session.get(Mail, mail_id)
        if mail is None:
            return
        mail.tries += 1
        mail.error = f"{type(error).__name__}: {error}"[:500]
        session.add(mail)
        # Without the key: the job being run bears it and still counts as waiting.
        job = jobs.enqueue(session, JOB, {"mail": mail_id})
        job.not_before = now() + min(timedelta(minutes=2**mail.tries), timedelta(hours=1))
        session.add(job)
    logger.warning("mail %s waits for the mail server: %s", mail_id, error)


def _forget_content(mail_id: str) -> None:
    with session_scope(write=True) as session:
        mail = session.get(Mail, mail_id)
        if mail is not None:
            mail.sent_at = now()
            mail.recipient = mail.subject = mail.text = mail.html = ""
            mail.unsubscribe = mail.reply_to = ""
            mail.error = ""
            session.add(mail)


def discard(session: Session, account_id: str) -> None:
    """Delete an account's mails, sent or not, in the session's transaction."""
    session.exec(delete(Mail).where(col(Mail.account_id) == account_id))


def check_mail() -> Check:
    """Whether mail goes out, and whether any has waited long."""
    with session_scope() as session:
        waiting = session.exec(
            select(func.count())
            .select_from(Mail)
            .where(col(Mail.sent_at).is_(None), col(Mail.queued_at) < now() - _LATE)
        ).one()
        last = session.exec(
            select(Mail.error).where(Mail.error != "").order_by(col(Mail.queued_at).desc()).limit(1)
        ).first()
    here = settings()
    where = (
        f"by {here.smtp_host}:{here.smtp_port}"
        if here.smtp_host
        else f"to files in {here.home / 'mail'} (KB_SMTP_HOST is not set)"
    )
    finding = f"sent {where}, {waiting} waiting for more than 15 minutes"
    return Check(
        "mail",
        waiting == 0,
        finding + (f" ({last})" if last else ""),
        "start `kb worker`, check the KB_SMTP_ settings",
    )
