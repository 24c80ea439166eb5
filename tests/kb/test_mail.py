"""Mail: what goes out, to a real SMTP server, and what never does."""

import email
import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Server
from aiosmtpd.smtp import AuthResult, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from sqlmodel import select

from kb import jobs
from kb.alerts import mail
from kb.database import now, session_scope
from kb.settings import settings


class Inbox:
    """What a server does with mail: keeps it, or answers as it is told."""

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Server, _session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            content = envelope.original_content
            assert content is not None
            self.received.append(email.message_from_bytes(content, policy=default))
            self.recipients += envelope.rcpt_tos
        return self.answer


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def inbox(store: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inbox]:
    """A mail server on this machine, set as ours."""
    inbox, port = Inbox(), _free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setenv("KB_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("KB_SMTP_PORT", str(port))
    monkeypatch.setenv("KB_SMTP_TLS", "none")
    monkeypatch.setenv("KB_MAIL_FROM", "no-reply@practice.example.org")
    monkeypatch.setenv("KB_BASE_URL", "https://practice.example.org/")
    settings.cache_clear()
    yield inbox
    controller.stop()


def _queue(**changes: Any) -> mail.Mail:
    values: dict[str, Any] = {
        "to": "jo@example.org",
        "template": "reset",
        "context": {"link": "https://practice.example.org/account/reset?token=a&b=<c>"},
    }
    with session_scope(write=True) as session:
        return mail.queue(session, **{**values, **changes})


def _mails() -> list[mail.Mail]:
    with session_scope() as session:
        return list(session.exec(select(mail.Mail)))


def _parts(message: EmailMessage) -> tuple[str, str]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def test_a_mail_goes_out_as_text_and_html(inbox: Inbox) -> None:
    queued = _queue()
    assert jobs.settle() == []
    (received,) = inbox.received
    assert received["To"] == "jo@example.org"
    assert received["From"] == "Safer Practice <no-reply@practice.example.org>"
    assert received["Subject"] == "Choose a new password"
    assert received["Message-ID"] == queued.message_id
    assert received["Message-ID"].endswith("@practice.example.org>")
    assert received["Auto-Submitted"] == "auto-generated"
    text, html = _parts(received)
    assert "https://practice.example.org/account/reset?token=a&b=<c>" in text
    assert "token=a&amp;b=&lt;c&gt;" in html  # what comes from outside is escaped
    assert "<c>" not in html
    assert '<html lang="en">' in html


def test_what_was_sent_is_forgotten_and_not_sent_again(inbox: Inbox) -> None:
    queued = _queue()
    jobs.settle()
    mail.send({"mail": queued.id})
    assert len(inbox.received) == 1
    (kept,) = _mails()
    assert kept.sent_at is not None
    assert (kept.recipient, kept.subject, kept.text, kept.html) == ("", "", "", "")


def test_a_mail_is_not_sent_when_its_change_is_not_kept(inbox: Inbox) -> None:
    with pytest.raises(RuntimeError), session_scope(write=True) as session:
        mail.queue(session, to="jo@example.org", template="reset", context={"link": "x"})
        raise RuntimeError
    jobs.settle()
    assert inbox.received == []
    assert _mails() == []


def test_a_repeat_after_a_crash_at_hand_over_bears_the_same_id(inbox: Inbox) -> None:
    queued = _queue()
    mail._deliver(queued)  # the worker dies here, before it could note that the mail has gone
    assert jobs.settle() == []
    assert len(inbox.received) == 2
    assert len({message["Message-ID"] for message in inbox.received}) == 1
    assert len({message["Date"] for message in inbox.received}) == 1


def test_the_same_message_id_is_queued_once(inbox: Inbox) -> None:
    first = _queue(message_id="<digest-7-2026-01-05@practice.example.org>")
    again = _queue(message_id="<digest-7-2026-01-05@practice.example.org>")
    assert again.id == first.id
    jobs.settle()
    assert len(inbox.received) == 1


def test_no_header_can_be_slipped_in(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    _queue(
        template="security_notice",
        context={"what": "Hello\r\nBcc: victim@example.org\n\nBuy this\x00\u2028now"},
    )
    jobs.settle()
    (received,) = inbox.received
    assert received["Bcc"] is None
    assert "\n" not in received["Subject"]
    assert inbox.recipients == ["jo@example.org"]
    monkeypatch.setenv("KB_SITE_NAME", "Safer\nBcc: victim@example.org")
    settings.cache_clear()
    _queue()
    jobs.settle()
    assert inbox.recipients == ["jo@example.org", "jo@example.org"]
    assert inbox.received[1]["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    [
        "jo@example.org\r\nBcc: victim@example.org",
        "jo@example.org, victim@example.org",
        "",
        "nobody",
        "Jo <jo@example.org>",
    ],
)
def test_a_recipient_that_is_not_one_address_gets_nothing(inbox: Inbox, address: str) -> None:
    _queue(to=address)
    assert jobs.settle()[0].startswith("mail.send: MailNotSent:")
    assert inbox.received == []


@given(st.text())
def test_a_subject_is_always_one_line(text: str) -> None:
    line = mail.one_line(text)
    assert len(line.splitlines()) <= 1
    made = EmailMessage()
    made["Subject"] = line  # raises when the line could end the header


@pytest.mark.parametrize("template", sorted(path.stem for path in mail.TEMPLATES.glob("*.txt")))
def test_every_template_has_a_subject_text_and_html(store: Path, template: str) -> None:
    context = {
        **{"link": "https://x.example/", "what": "Something", "placeholder": "Nobody"},
        **{"name": "Sheds", "query": "q=shed&amp=1", "frequency": "weekly", "changed": []},
        **{"new_count": 7, "changed_count": 0, "new": [{"id": "gates", "title": "Gates"}]},
        **{"record_title": "Sheds", "record_id": "sheds", "role": "Officer", "sender": "Ann"},
        **{"reply_to": "ann@x.example", "lines": ["Who keeps", "the keys?"]},
        **{"headline": "Published", "title": "Sheds", "reason": "Well told.", "advice": "Read it."},
        "unsubscribe": "https://x.example/stop",
    }
    subject, text, html = mail.render(template, context)
    assert subject
    assert not subject.startswith("Subject")
    assert f"<title>{subject}</title>" in unescape(html)
    assert text.strip()
    assert "{{" not in text + html
    # Both say the same: each address in the HTML stands in the text too.
    for link in re.findall(r'href="([^"]+)"', html):
        assert unescape(link) in text


def test_a_template_that_lacks_something_is_refused_when_queued(store: Path) -> None:
    with pytest.raises(UndefinedError):
        _queue(context={})
    assert _mails() == []


def test_unsubscribing_is_one_click(inbox: Inbox) -> None:
    _queue(unsubscribe="https://practice.example.org/alerts/stop?token=abc")
    jobs.settle()
    (received,) = inbox.received
    assert received["List-Unsubscribe"] == "<https://practice.example.org/alerts/stop?token=abc>"
    assert received["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_a_server_the_mail_is_a_file(store: Path, caplog: pytest.LogCaptureFixture) -> None:
    queued = _queue()
    assert jobs.settle() == []
    (path,) = (store / "mail").iterdir()
    assert path.name == f"{queued.id}.eml"
    assert path.stat().st_mode & 0o077 == 0
    written = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(written, EmailMessage)
    assert written["To"] == "jo@example.org"
    assert "token=a&b=<c>" in _parts(written)[0]
    assert str(path) in caplog.text
    assert "token" not in caplog.text
    assert "KB_SMTP_HOST is not set" in mail.check_mail().finding


def test_a_server_that_is_away_is_tried_again_later(
    inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.answer = "451 Try again later"
    queued = _queue()
    assert jobs.settle() == []
    (waiting,) = _mails()
    assert (waiting.sent_at, waiting.tries) == (None, 1)
    assert "451" in waiting.error
    assert "jo@example.org" not in caplog.text
    with session_scope() as session:
        later = session.exec(select(jobs.Job).where(jobs.Job.state == "queued")).one()
    assert later.payload == {"mail": queued.id}
    assert later.not_before > now() + timedelta(seconds=60)
    assert jobs.due_jobs() == []
    inbox.answer = "250 OK"
    assert later.id is not None
    jobs.run_job(later.id)
    assert len(inbox.received) == 1
    assert inbox.received[0]["Message-ID"] == queued.message_id


def test_a_mail_is_given_up_after_two_days_and_the_doctor_says_so(inbox: Inbox) -> None:
    inbox.answer = "451 Try again later"
    queued = _queue()
    with session_scope(write=True) as session:
        row = session.get(mail.Mail, queued.id)
        assert row is not None
        row.queued_at = now() - timedelta(days=3)
        session.add(row)
    assert "given up" in jobs.settle()[0]
    check = mail.check_mail()
    assert not check.ok
    assert "1 waiting" in check.finding


def test_a_mail_refused_for_good_says_why_without_the_address(inbox: Inbox) -> None:
    inbox.answer = "554 No such person jo@example.org"
    _queue()
    (problem,) = jobs.settle()
    assert "554" in problem
    assert "jo@example.org" not in problem


def test_nothing_is_sent_in_the_clear_when_tls_is_asked_for(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("starttls", "tls"):
        monkeypatch.setenv("KB_SMTP_TLS", kind)
        settings.cache_clear()
        _queue()
        jobs.settle()
    assert inbox.received == []
    assert [row.tries for row in _mails()] == [1, 1]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_the_server_gets_user_and_password(
    store: Path, monkeypatch: pytest.MonkeyPatch, inbox: Inbox
) -> None:
    seen: list[tuple[bytes, bytes]] = []
    port = _free_port()

    def check(
        _server: Any, _session: Any, _envelope: Any, _mechanism: Any, data: Any
    ) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)

    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=check,
        auth_require_tls=False,
        auth_required=True,
    )
    controller.start()
    try:
        monkeypatch.setenv("KB_SMTP_PORT", str(port))
        monkeypatch.setenv("KB_SMTP_USER", "site")
        monkeypatch.setenv("KB_SMTP_PASSWORD", "wrong-secret")
        settings.cache_clear()
        _queue()
        jobs.settle()
        assert inbox.received == []
        assert "wrong-secret" not in _mails()[0].error
        assert "wrong-secret" not in repr(settings())
        monkeypatch.setenv("KB_SMTP_PASSWORD", "right")
        settings.cache_clear()
        _queue()
        jobs.settle()
    finally:
        controller.stop()
    assert len(inbox.received) == 1
    assert seen[-1] == (b"site", b"right")
