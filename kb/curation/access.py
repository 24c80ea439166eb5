"""Who may see an entry, write in it and take a step with it, whatever state allows the step."""

from sqlmodel import Session, col, select

from kb.accounts.models import Account
from kb.accounts.roles import may
from kb.curation.errors import EntryNotFound, NotTheirs
from kb.curation.models import Entry
from kb.curation.workflow import STEPS

_AUTHORS_OWN = ("draft", "withdrawn")


def is_author(account: Account, entry: Entry) -> bool:
    """Whether somebody wrote this."""
    return entry.owner == account.actor


def may_see(account: Account, entry: Entry) -> bool:
    """The author always; reviewers once it was sent in and while it is not taken back."""
    if is_author(account, entry):
        return True
    return may(account, "review") and entry.state not in _AUTHORS_OWN


def may_write(account: Account, entry: Entry) -> bool:
    """The author while it is with them; the reviewer who claimed it while it is in review."""
    if entry.state in ("draft", "changes-asked"):
        return is_author(account, entry) and may(account, "submit")
    claimed = entry.claimed_by == account.actor
    return entry.state in ("in-review", "appealed") and claimed and may(account, "review")


def seen(session: Session, account: Account, entry_id: str) -> Entry:
    """An entry that this person may see. Raises EntryNotFound."""
    entry = session.get(Entry, entry_id)
    if entry is None or not may_see(account, entry):
        raise EntryNotFound
    return entry


def locked(session: Session, account: Account, entry_id: str) -> Entry:
    """The same, held until the transaction ends and read afresh. Raises EntryNotFound."""
    entry = session.exec(
        select(Entry)
        .where(Entry.id == entry_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if entry is None or not may_see(account, entry):
        raise EntryNotFound
    return entry


def need_step(session: Session, account: Account, entry: Entry, step: str) -> None:
    """Refuse a step to those whose it is not. Raises NotTheirs."""
    by = STEPS[step].by
    if by == "author":
        if not is_author(account, entry):
            raise NotTheirs("Only its author may do that.")
        if step == "apply" and not may(account, "edit"):
            raise NotTheirs("Send it in: a librarian looks at it before it is published.")
        return
    if not may(account, "review"):
        raise NotTheirs("Only a librarian may do that.")
    if by == "claimer" and entry.claimed_by != account.actor:
        raise NotTheirs("Claim it first: somebody else has it, or nobody.")
    if step == "ask" and not entry.owner:
        raise NotTheirs("It was collected, so nobody can be asked. Change it yourself.")
    if is_author(account, entry) and _others_review(session, account):
        raise NotTheirs("It is your own entry; another librarian has to review it.")
    if entry.state == "appealed" and entry.decided_by == account.actor:
        raise NotTheirs("You declined it; another librarian has to decide the appeal.")


def _others_review(session: Session, account: Account) -> bool:
    """Whether anybody else could review: in a team of one, that one has to."""
    others = session.exec(
        select(Account).where(Account.state == "active", col(Account.id) != account.id)
    )
    return any(may(other, "review") for other in others)


def steps_of(session: Session, account: Account, entry: Entry) -> set[str]:
    """The steps that this person may take now."""
    found = set()
    for name, step in STEPS.items():
        if entry.state in step.before:
            try:
                need_step(session, account, entry, name)
            except NotTheirs:
                continue
            found.add(name)
    return found
