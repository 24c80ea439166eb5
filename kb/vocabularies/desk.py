"""The vocabulary desk: terms proposed, accepted, renamed, merged and deprecated; synonyms added.

What is decided lives in the store and wins over the seed files, which stay as they are. A merged
term's code goes on standing for the term it was merged into wherever it is written: in records,
their revisions, files, addresses and saved searches. So nothing is rewritten, and taking a change
back restores everything.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session

from kb.audit import note_change
from kb.database import now
from kb.errors import TermUnknown
from kb.vocabularies.changes import TermChange
from kb.vocabularies.decided import THESAURUS, accepted, changes
from kb.vocabularies.errors import TermRefused
from kb.vocabularies.models import Term, Vocabulary
from kb.vocabularies.service import changed, seeded, vocabularies, vocabulary
from kb.vocabularies.wording import names, needed, short

CLOSED = frozenset(
    {
        "countries",
        "standards",
        "workflow_states",
        "contact_states",
        "licences",
        "harvest_kinds",
        "visibility",
    }
)
"""Vocabularies that rules of the software or other bodies' lists depend on."""


def open_vocabularies() -> list[Vocabulary]:
    """The vocabularies that the desk may change, by title."""
    found = [held for name, held in vocabularies().items() if name not in CLOSED]
    return sorted(found, key=lambda held: held.title)


def propose(
    session: Session,
    vocabulary_id: str,
    *,
    label: str,
    definition: str,
    broader: str = "",
    alt: Iterable[str] = (),
    reason: str = "",
    actor: str,
) -> TermChange:
    """Propose a new term. Raises TermRefused, VocabularyInvalid."""
    held = _open(vocabulary_id)
    label = needed(label, "Give the term a label.")
    definition = needed(definition, "Say in a sentence what the term means.")
    _refuse_taken(held, label)
    from kb.records.identity import slug

    code = slug(label, 60)
    if not code or code in held:
        raise TermRefused(f"A term with the code '{code}' is there; choose another label.")
    data = {
        "code": code,
        "label": label,
        "definition": definition,
        "broader": broader or None,
        "alt": names(alt, label),
    }
    return _keep(session, vocabulary_id, "propose", data, reason, actor)


def propose_synonym(
    session: Session, term: str, means: Iterable[str], *, reason: str = "", actor: str
) -> TermChange:
    """Propose that searching for `term` also searches what it means. Raises TermRefused."""
    term = needed(term, "Give the word that people type.")
    others = names(means, term)
    if not others:
        raise TermRefused("Say what the word means, in words that records use.")
    from kb.records.identity import slug

    data = {"code": slug(term, 60) or term[:60], "term": term, "means": others}
    return _keep(session, THESAURUS, "propose", {**data, "direction": "one-way"}, reason, actor)


def rename(
    session: Session, vocabulary_id: str, code: str, *, label: str, reason: str, actor: str
) -> TermChange:
    """Propose another label; the old one stays as an alternative, so that it still finds.

    Raises TermRefused, TermUnknown.
    """
    held = _open(vocabulary_id)
    term = held.term(code)
    label = needed(label, "Give the new label.")
    if label == term.label:
        raise TermRefused("That is its label already.")
    _refuse_taken(held, label, but=code)
    data = _data(term) | {"label": label, "alt": names([term.label, *term.alt], label)}
    return _keep(session, vocabulary_id, "rename", data, reason, actor)


def deprecate(
    session: Session, vocabulary_id: str, code: str, *, reason: str, actor: str
) -> TermChange:
    """Propose that a term is offered no more; records keep it. Raises TermRefused, TermUnknown."""
    term = _open(vocabulary_id).term(code)
    if term.deprecated:
        raise TermRefused("That term is deprecated already.")
    return _keep(
        session, vocabulary_id, "deprecate", _data(term) | {"deprecated": True}, reason, actor
    )


def merge(
    session: Session, vocabulary_id: str, code: str, into: str, *, reason: str, actor: str
) -> TermChange:
    """Propose that a term stands for another from now on. Raises TermRefused, TermUnknown."""
    held = _open(vocabulary_id)
    if not into:
        raise TermRefused("Choose the term that it should stand for.")
    term, target = held.term(code), held.term(into)
    if held.current(into) == code or code == into:
        raise TermRefused("A term cannot be merged into itself.")
    if target.deprecated:
        raise TermRefused(f"'{target.label}' is deprecated; choose a term in use.")
    if below := held.children(code):
        raise TermRefused(f"'{term.label}' has narrower terms ({below[0].label}); move them first.")
    data = _data(term) | {"deprecated": True, "replaced_by": into}
    return _keep(session, vocabulary_id, "merge", data, reason, actor)


def bring_in(
    session: Session, vocabulary_id: str, terms: Iterable[Mapping[str, Any]], *, actor: str
) -> list[TermChange]:
    """Propose the terms of another system's list that are new or differ.

    Raises TermRefused, and VocabularyInvalid when together they would contradict the vocabulary.
    """
    held = _open(vocabulary_id)
    wanted: dict[str, dict[str, Any]] = {}
    for data in terms:
        code = str(data.get("code", ""))
        before = _data(held.term(code)) if code in held else {}
        try:
            after = _data(Term.model_validate(_joined(before, data)))
        except ValidationError as error:
            raise TermRefused(f"The term '{code[:60]}': {error.errors()[0]['msg']}") from None
        if after != before:
            wanted[code] = after
    _together(session, vocabulary_id, wanted)
    return [
        _keep(session, vocabulary_id, "import", data, "", actor)
        for data in wanted.values()
        if not _waits(session, vocabulary_id, "import", data)
    ]


def _waits(session: Session, vocabulary_id: str, kind: str, data: dict[str, Any]) -> bool:
    """Whether the same was proposed already and nobody has decided yet."""
    return any(
        (row.kind, row.data) == (kind, data)
        for row in changes(session, "proposed", vocabulary_id)
        if row.code == data["code"]
    )


def _joined(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """A term of ours with what another list says of it; SKOS keeps no order, so ours stands."""
    after = {**before, **given}
    if before and after.get("label") != before["label"]:
        after["alt"] = names([before["label"], *after.get("alt", ())], str(after.get("label")))
    for name in ("alt", "related"):
        if set(after.get(name, ())) == set(before.get(name, ())) and name in before:
            after[name] = before[name]
    return after


def _together(session: Session, vocabulary_id: str, terms: Mapping[str, dict[str, Any]]) -> None:
    """Raises VocabularyInvalid when the vocabulary with these terms would contradict itself."""
    held = seeded(vocabulary_id)
    if held is None:
        raise TermRefused(f"There is no vocabulary '{vocabulary_id}' any more.")
    changed(held, {**accepted(session)["terms"].get(vocabulary_id, {}), **terms})


def decide(
    session: Session, change_id: int, *, accept: bool, reason: str = "", actor: str
) -> TermChange:
    """Accept or decline a proposal. After the commit, call `decided.publish`.

    Raises TermRefused, and VocabularyInvalid when the vocabulary would contradict itself.
    """
    row = session.get(TermChange, change_id)
    if row is None or row.state != "proposed":
        raise TermRefused("There is no such proposal any more; look at the list again.")
    if accept and row.vocabulary != THESAURUS:
        _together(session, row.vocabulary, {row.code: dict(row.data)})
    _settle(session, row, "accepted" if accept else "declined", actor, reason)
    return row


def accept_imported(session: Session, vocabulary_id: str, *, actor: str) -> int:
    """Accept all that was proposed from another system's list; returns how many terms.

    All or none. After the commit, call `decided.publish`. Raises VocabularyInvalid.
    """
    waiting = changes(session, "proposed", vocabulary_id)
    rows = [row for row in reversed(waiting) if row.kind == "import"]
    _together(session, vocabulary_id, {row.code: dict(row.data) for row in rows})
    for row in rows:
        _settle(session, row, "accepted", actor, "")
    return len(rows)


def _settle(session: Session, row: TermChange, state: str, actor: str, reason: str) -> None:
    row.state, row.decided_by, row.decided_at = state, actor, now()
    _note(session, row, f"terms.{state}", actor, short(reason) or row.reason)


def take_back(session: Session, change_id: int, *, actor: str) -> TermChange:
    """Undo an accepted change: the term is what it was. After the commit, `decided.publish`.

    Raises TermRefused.
    """
    row = session.get(TermChange, change_id)
    if row is None or row.state != "accepted":
        raise TermRefused("There is no such change to take back.")
    later = [
        other
        for other in changes(session, "accepted", row.vocabulary)
        if other.code == row.code and (other.id or 0) > (row.id or 0)
    ]
    if later:
        raise TermRefused("The term was changed again since; take that back first.")
    row.state = "taken-back"
    session.add(row)
    session.flush()
    if row.vocabulary != THESAURUS:
        _together(session, row.vocabulary, {})
    _note(session, row, "terms.taken_back", actor, "")
    return row


def _open(vocabulary_id: str) -> Vocabulary:
    if vocabulary_id in CLOSED:
        raise TermRefused("The software depends on the terms of this list; it is not changed here.")
    return vocabulary(vocabulary_id)


def _keep(
    session: Session, vocabulary_id: str, kind: str, data: dict[str, Any], reason: str, actor: str
) -> TermChange:
    if kind != "import" and _waits(session, vocabulary_id, kind, data):
        raise TermRefused("The same is proposed already; decide on it at the desk.")
    if vocabulary_id != THESAURUS and kind != "import":
        _together(session, vocabulary_id, {data["code"]: data})
    row = TermChange(
        vocabulary=vocabulary_id,
        code=data["code"],
        kind=kind,
        data=data,
        reason=short(reason),
        proposed_by=actor,
        proposed_at=now(),
    )
    session.add(row)
    session.flush()
    _note(session, row, "terms.proposed", actor, row.reason)
    return row


def _note(session: Session, row: TermChange, action: str, actor: str, reason: str) -> None:
    session.add(row)
    note_change(
        session,
        actor=actor,
        action=action,
        subject_type="term",
        subject_id=f"{row.vocabulary}:{row.code}",
        kind=row.kind,
        **({"reason": reason} if reason else {}),
    )
    session.flush()


def _data(term: Term) -> dict[str, Any]:
    return term.model_dump(mode="json", exclude_defaults=True)


def _refuse_taken(held: Vocabulary, label: str, but: str = "") -> None:
    try:
        code = held.resolve(label)
    except TermUnknown:
        return
    if code != but:
        raise TermRefused(f"'{held.label(code)}' ({code}) goes by that name already.")
