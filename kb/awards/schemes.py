"""Award schemes of one's own, and changes to those that are there."""

import re

from sqlmodel import Session

from kb.accounts.models import Account
from kb.awards.contests import audit
from kb.awards.errors import AwardNotFound
from kb.awards.models import AwardScheme
from kb.awards.rules import changed, read_lines, rules_of
from kb.records.errors import FieldError, RecordInvalid

_ID = re.compile(r"[^a-z0-9]+")


def save(
    session: Session, account: Account, typed: dict[str, str], scheme_id: str = ""
) -> AwardScheme:
    """Make a scheme of one's own, or change one; what is left empty stays unknown.

    The starter collection leaves a scheme alone that people have changed.
    Raises RecordInvalid, AwardNotFound.
    """
    title = " ".join(typed.get("title", "").split())[:200]
    if not title:
        raise RecordInvalid([FieldError("title", "Name", "give the scheme a name", "")])
    made = scheme_id or _ID.sub("-", title.lower()).strip("-")[:60]
    row = session.get(AwardScheme, made) if made else None
    if scheme_id and row is None:
        raise AwardNotFound
    if not made or made == "new" or (not scheme_id and row is not None):
        rule = "there is a scheme of that name; choose another"
        raise RecordInvalid([FieldError("title", "Name", rule, title[:80])])
    row = row or AwardScheme(id=made, title=title, entry={"id": made, "origin": "made here"})
    before = rules_of(row)
    rules = changed(before, typed)
    entry = {**row.entry, "title": title, "edited_here": True}
    for name in ("body", "criteria_note"):
        entry[name] = typed.get(name, "").strip()[:1000]
    state = typed.get("state", "")
    entry["state"] = state if state in ("running", "ended") else "unknown"
    entry["criteria"] = [one.model_dump(exclude_none=True) for one in rules.criteria]
    # The stand-in headings are not the scheme's own, so they are not kept as if they were.
    if before.own_form or read_lines(typed.get("form", "")) != [
        (one.title, one.words) for one in before.form
    ]:
        entry["form"] = [one.model_dump(exclude_none=True) for one in rules.form]
    entry["categories"], entry["gates"] = rules.categories, rules.gates
    entry["months_of_data"], entry["public_vote"] = rules.months, rules.public_vote
    entry["limits"] = {
        **(row.entry.get("limits") or {}),
        "description_words": rules.total_words,
        "endorser": rules.endorser,
    }
    row.title, row.entry = title, entry
    session.add(row)
    session.flush()
    audit(session, "award_scheme", made, account.actor, "changed" if scheme_id else "made")
    return row
