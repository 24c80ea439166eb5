"""Mails that tell a person what became of something of theirs: an entry, a round they judge."""

from sqlmodel import Session

from kb.accounts.models import Account
from kb.alerts import mail


def write_to(
    session: Session,
    who: str,
    *,
    headline: str,
    title: str,
    advice: str,
    path: str,
    reason: str = "",
) -> None:
    """Queue a mail to an account, named by its id or as an actor, in the session's transaction.

    `title` names what it is about, `reason` is what somebody wrote to them, `path` where it leads
    on the site. Accounts that are gone or shut out get none. Call `jobs.wake_worker` after the
    commit.
    """
    account = session.get(Account, who.removeprefix("account:")) if who else None
    if account is None or account.state != "active":
        return
    mail.queue(
        session,
        to=account.email,
        template="entry_news",
        context={
            "headline": headline,
            "title": mail.one_line(title)[:200],
            "reason": reason,
            "advice": advice,
            "link": f"{mail.site_address()}/{path.lstrip('/')}",
        },
        account_id=account.id,
    )
