"""Whether a document that was brought in is seen by all, and whom it names.

A document is taken in whole, and nobody filled in a form that asks who agreed to be named. So those
whom it names are told to whoever brings it in, who may say that they agreed, keep it as a draft, or
take it back. At the desk it waits as a draft.
"""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from kb.audit import AuditEntry, note_change
from kb.database import session_scope
from kb.exports.gate import is_document
from kb.folders import Check
from kb.personal_details import personal_details
from kb.records import PracticeIn, service
from kb.records.errors import FieldError, RecordInvalid
from kb.records.models import Record

DRAFT = "draft"
SHOWN = "published-unverified"
_AGREED = "record.people_agreed"
_TOLD = 8  # names listed in a message


@dataclass(frozen=True)
class Wish:
    """What whoever brings documents in says of showing them."""

    publish: bool = False
    people_agreed: bool = False


def details_of(content: PracticeIn) -> list[str]:
    """The people that a document names, its authors first, and what else is personal in it."""
    texts = [content.title, content.summary]
    texts += [text for part in content.body for text in (part.heading, part.text)]
    return list(dict.fromkeys([*content.authors, *personal_details("\n".join(texts))]))


def told(details: list[str]) -> str:
    """The first of them, for a message."""
    more = f" and {len(details) - _TOLD} more" if len(details) > _TOLD else ""
    return ", ".join(details[:_TOLD]) + more


def state_of(wish: Wish) -> str:
    """The state that a document comes in with."""
    return SHOWN if wish.publish else DRAFT


def show(
    session: Session, saved: service.Saved, content: PracticeIn, wish: Wish, *, actor: str
) -> tuple[service.Saved, str]:
    """A saved document, published now if it came before as a draft; what became of its names.

    A draft that people have changed since is theirs to publish. Raises RecordInvalid for another
    edition of a published document that was not said to be published too.
    """
    details = details_of(content)
    state = service.state_of(session, saved.id)
    if saved.kept_edits:
        rule = (
            "the document is published, and this is another edition of it: bring it in to be "
            "published too, not as a draft, or change its record"
        )
        raise RecordInvalid([FieldError("state", "State", rule, DRAFT)])
    if state == DRAFT and wish.publish:
        if service.taken_over(session, saved.id):
            return saved, "people edited it here since: publish it at the desk (/desk#drafts)."
        state = SHOWN
        done = service.set_state(session, saved.id, state, actor=actor, reason="to be published")
        outcome = "changed" if saved.outcome == "same" else saved.outcome
        saved = service.Saved(saved.id, done.version, outcome)
    if state == DRAFT:
        return saved, _kept_back(details)
    if not service.is_visible(state or "", False):
        return saved, ""
    same = saved.outcome == "same"
    if same and not (wish.people_agreed and details and not _agreed(session, saved.id)):
        return saved, ""
    if details and not wish.people_agreed:
        return saved, (
            f"Published, not reviewed. It names people, who may not have been asked: "
            f"{told(details)}. If they agreed, say so with --people-agreed; if not, take it back "
            "(--undo) and bring it in with --drafts, or without their names."
        )
    if details:
        # Who agreed stands in the record; here, who said so and of how many.
        note_change(
            session,
            actor=actor,
            action=_AGREED,
            subject_type="record",
            subject_id=saved.id,
            version=saved.version,
            named=len(details),
        )
    if same:
        return saved, f"Noted that those whom it names agreed: {told(details)}."
    named = f", with those it names: {told(details)}" if details else ""
    return saved, f"Published, not reviewed{named}."


def _agreed(session: Session, record_id: str) -> bool:
    """Whether somebody said of a document that the people in it agreed."""
    found = select(AuditEntry.id).where(
        AuditEntry.action == _AGREED, AuditEntry.subject_id == record_id
    )
    return session.exec(found.limit(1)).first() is not None


def check_documents() -> Check:
    """Whether a document is shown that names people, though neither was asked for nor reviewed.

    Documents were published at once before they came in as drafts.
    """
    with session_scope() as session:
        shown = session.exec(
            select(Record.id).where(
                Record.door == "document", Record.state == SHOWN, col(Record.restricted).is_(False)
            )
        ).all()
        doubtful = [
            one.id
            for one in service.load(session, shown)
            if is_document(one.content) and details_of(one.content) and not _agreed(session, one.id)
        ]
    if not doubtful:
        return Check("documents", ok=True, finding="none shown names people who were not asked")
    # Whoever brought them in was told, and may have decided so.
    return Check(
        "documents",
        ok=True,
        finding=f"shown, and naming people not said to have agreed: {told(doubtful)}; review them "
        "at /desk, or, when all agreed, import the files again with --people-agreed",
    )


def _kept_back(details: list[str]) -> str:
    """Why a document is a draft, and what to do before it is published."""
    if not details:
        return (
            "A draft, seen by librarians only. No people were found in it, but read it through "
            "before it is published."
        )
    return (
        f"A draft, seen by librarians only, for it names people who are not said to have agreed: "
        f"{told(details)}. Ask them, or take their names out, before it is published."
    )
