"""Whom to ask: roles that stand with a name, an address or the words "contact" and "ask", and the
organisation they belong to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawlers.facts.found import OrganisationFound, RoleFound, Sentence, passage_of, word_set
from crawlers.facts.role_bodies import body_beside, body_of
from crawlers.facts.written_names import LETTERS, PERSON, TITLE
from kb.named_people import named_people

_RANK = r"""
    (?:(?:Neighbourhood|Policing|Licensing|Rural|Schools|Beat|Area|Detective|Temporary|Acting|
    Deputy|Assistant)\ )*
    (?:Chief\ Superintendent|Chief\ Inspector|Chief\ Constable|Superintendent|Inspector|Sergeant|
    Sgt|Lieutenant|Captain|Corporal|Commander|Constable|Insp|Supt|\b(?:PCSO|PC)\b)
"""
_FUNCTION = r"""
    Chief\ of\ Police|Police\ Chief|Chief\ Executive|Chief\ Officer|Mayor|Sheriff|
    [Mm]anager|[Cc]o-?ordinator|[Dd]irector|[Aa]dministrator|[Aa]nalyst|[Hh]eadteacher|
    [Hh]ead\ [Tt]eacher|[Ss]ecretary|[Cc]ommissioner|[Aa]dviser|[Aa]dvisor|[Pp]rincipal|[Ll]ead|
    [Aa]ssistant|[Cc]hancellor|[Cc]hair(?:man|woman|person)?|[Pp]resident|[Oo]fficer|[Ll]iaison|
    [Cc]abinet\ [Mm]ember|[Pp]lanner|[Ww]arden|[Cc]onsultant|[Rr]esearcher|[Pp]rofessor|[Pp]artner|
    [Ll]eader|[Ww]orker|[Pp]ractitioner|[Cc]lerk|[Rr]anger|[Cc]aseworker|[Ss]pecialist|
    [Ss]upervisor|[Tt]rainer|[Nn]urse|[Pp]ortfolio\ [Hh]older|Commander
"""
_MODIFIER = (
    r"(?:[A-Z][\w&'\u2019-]*|programme|program|project|team|community|safety|service|services)"
)
_FOR = r"(?:\ (?:for|of|in)\ (?:the\ )?[A-Z][\w-]*(?:,?\ (?:and\ )?[A-Z][\w-]*){0,5})"
_ROLE = re.compile(
    rf"""(?P<role>(?:{_RANK}(?:,\ (?:Divisional|District|Area|Borough|Sector)\ Commander)?)|
    (?:Superintendent|Chief)\ of\ Police|
    (?:(?:{_MODIFIER}),?\ (?:and\ )?){{0,5}}(?:{_FUNCTION})\b(?:{_FOR})?|
    [Hh]ead\ of\ (?:[A-Z]\w*)(?:\ (?:and\ )?[A-Z]\w*){{0,4}})(?![a-z])""",
    re.X,
)
_SAYS_ROLE = re.compile(rf"\b(?:{_FUNCTION}|{_RANK})(?:$|\ (?:for|of|in)\b)|\b[Hh]ead\ of\b", re.X)
_PERSON_AFTER = re.compile(rf"\.?(?:[,:]|\s+is|\s+was|\s\|)?\s+{TITLE}?(?:\d{{2,6}}\s+)?{PERSON}")
_PERSON_BEFORE = re.compile(rf"{TITLE}?{PERSON}(?:,|\s+[-\u2013|])?\s+(?:the\s+|our\s+)?$")
_ASKED = re.compile(
    r"\b(?:contact(?:s|ed|ing)?|ask(?:\s+for)?|further (?:information|details)|more (?:information|"
    r"from)|e-?mail|tel(?:ephone)?|phone|call|speak to|talk to|enquiries|questions|author|"
    r"submitted by|(?:lead|contact) officer|project lead|"
    r"endors\w+|nominat\w+|sincerely|yours|truly)\b",
    re.I,
)
_REACHED = re.compile(r"@|\b0\d{2,4}[\s)]?[\d\s]{5,}|\(\d{3}\)\s?\d{3}")
# Words that look like a first and last name and are none.
_NO_PERSON = word_set(
    """police department council city county school street road community neighbourhood neighborhood
    safety crime unit team division precinct service services office university award project
    program programme management bureau town area north south east west state public the this
    borough village corporal captain lieutenant inspector constable detective superintendent agent
    environmental health public social adult children communities education care
    commander chief officer sergeant herman goldstein tilley suite box avenue sir madam dear"""
)
_NO_ROLE = word_set(
    """officer manager director analyst secretary chair president leader worker practitioner clerk
    ranger caseworker specialist supervisor trainer nurse commander"""
)
# Words that by themselves say nothing of whom to ask: "Lead: Leeds City Council".
_NEVER = word_set("lead partner professor researcher assistant")
# A row with a figure tells what a post cost, not whom to ask.
_FIGURE_ROW = re.compile(r"\|\s*[\u00a3$\u20ac]?\s?\d[\d,.]*(?:k|m)?\s*(?:\||$)")
# A line of a form: "Position: Town centre manager".
_FORM = re.compile(
    r"(?:Position|Rank|Job title|Position\s?/\s?rank|Role)\s*:\s*(?P<role>[A-Z][\w ,&/-]{2,60})$",
    re.I,
)
# What a form calls whoever fills it in; their own role says more.
_FORMAL = re.compile(r"^(?:(?:initiating|submitting|reporting|contact) )?officer$", re.I)
_LABEL = re.compile(r"[A-Z][\w ]{2,30}:")
_JUST_BEFORE = 60
_SHORT_LINE = 12  # words; a role that opens such a line is an address
_AT_START = 5
_MOST = 20


def roles_in(
    sentences: Sequence[Sentence], organisations: Sequence[OrganisationFound]
) -> list[RoleFound]:
    """Roles that can be asked, with their organisations, the surest first."""
    found: dict[tuple[str, str], RoleFound] = {}
    for number, sentence in enumerate(sentences):
        before = sentences[number - 1].text[-200:] if number else ""
        lines = _lines_round(sentences, number)
        for one in _of_sentence(sentence, before, lines, organisations):
            key = (one.role.casefold(), one.organisation.casefold())
            if key not in found or found[key].confidence < one.confidence:
                found[key] = one
    named = {role for role, organisation in found if organisation}
    kept = [one for (role, body), one in found.items() if body or role not in named]
    told = {one.person for one in kept if not _FORMAL.search(one.role)}
    kept = [one for one in kept if one.person not in told or not _FORMAL.search(one.role)]
    # "PC Ann Hale, Rural Crime Officer" is to be asked in the second role.
    told = {one.person for one in kept if one.person and not re.fullmatch(_RANK, one.role, re.X)}
    kept = [
        one for one in kept if one.person not in told or not re.fullmatch(_RANK, one.role, re.X)
    ]
    return sorted(kept, key=lambda one: -one.confidence)[:_MOST]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The short lines above and below a line of a letterhead, a signature or an address."""

    above: str = ""
    below: tuple[str, ...] = ()
    behind: str = ""
    """What follows, however long: a signature may end with a stop behind the name."""

    @property
    def round(self) -> tuple[str, ...]:
        """The lines in which an organisation is sought, the likeliest first."""
        return (*self.below, self.above)


def _lines_round(sentences: Sequence[Sentence], number: int) -> _Lines:
    def short(at: int) -> str:
        text = sentences[at].text if 0 <= at < len(sentences) else ""
        return text if len(text.split()) <= _SHORT_LINE and not text.endswith(".") else ""

    behind = sentences[number + 1].text if number + 1 < len(sentences) else ""
    if not short(number):
        return _Lines(behind=behind)
    below = []
    for at in (number + 1, number + 2):
        if not short(at):
            break
        below.append(short(at))
    return _Lines(short(number - 1), tuple(below), behind)


def _of_sentence(
    sentence: Sentence, before: str, lines: _Lines, organisations: Sequence[OrganisationFound]
) -> Iterator[RoleFound]:
    text = sentence.text
    if _FIGURE_ROW.search(text):
        return
    if form := _FORM.match(text):
        body = body_beside(form["role"], lines.round, organisations)
        person = _person_above(re.sub(r"^(?:Full )?[Nn]ame\s*:\s*", "", lines.above))
        yield RoleFound(
            confidence=round(0.6 + 0.15 * bool(person) + 0.2 * bool(body), 2),
            passage=passage_of(text),
            start=sentence.start + form.start("role"),
            end=sentence.start + form.end("role"),
            role=form["role"],
            organisation=body,
            person=person,
        )
        return
    shown = _title_if_shouted(text)
    for match in _ROLE.finditer(shown):
        role, start = _without_bodies(match["role"], match.start("role"), organisations)
        role, start = _trimmed(role, start)
        end = start + len(role)
        plain = "-".join(role.casefold().split())
        person = _person(shown, start, end, organisations)
        others = [one for one in organisations if one.name not in role]
        body, near = body_of(sentence, start, end, others)
        if start < _AT_START and not person:
            person = _person_above(lines.above)
        if not near and (start < _AT_START or _LABEL.match(text)):
            beside = body_beside(role, lines.round, others)
            body, near = (beside, True) if beside else (body, near)
        if person and not body:
            # A signature with a stop between the name and the force.
            opening = next(
                (one for one in organisations if lines.behind.startswith(one.name)), None
            )
            if opening:
                body, near = opening.name, True
        alone = len(text.split()) <= _SHORT_LINE
        asked = bool(
            _ASKED.search(f"{before} {text[:start]}"[-160:])
            or _REACHED.search(text)
            or (alone and body and start < _AT_START)
        )
        if not role or plain == "police-officer" or plain in _NEVER:
            continue
        if plain in _NO_ROLE and not (asked and body):
            continue
        if re.fullmatch(_RANK, role, re.X):
            # "Officer Smith" tells of a deed, not whom to ask.
            to_ask = asked and _ASKED.search(f"{before} {text[:start]}"[-_JUST_BEFORE:])
            if not (near and (person or asked)) and not (person and to_ask):
                continue
        if not person and not asked:
            continue
        sure = 0.4 + 0.2 * bool(person) + 0.15 * asked + 0.2 * near
        yield RoleFound(
            confidence=round(min(sure, 0.95), 2),
            passage=passage_of(text),
            start=sentence.start + start,
            end=sentence.start + end,
            role=role,
            organisation=body,
            person=person,
        )


def _title_if_shouted(text: str) -> str:
    """A text that is all in capitals as titles write it, letter for letter as long."""
    changed = re.sub(
        r"\b[A-Z]{2,}\b",
        lambda word: word[0].lower() if word[0] in ("OF", "AND", "THE", "FOR") else word[0].title(),
        text,
    )
    return changed if len(changed) == len(text) and text.upper() == text else text


def _trimmed(role: str, start: int) -> tuple[str, int]:
    """A role without the words before it that belong to something else."""
    lead = re.match(
        r"(?:(?:The|A|An|Our|Its|His|Her|Their|This|Contact|Ask|By|And|For|From|To|As|Mr|Mrs|Ms|Dear|Local|Recently|Project"
        r" lead|Email|Tel|Name)\b[.,:]?\s+(?:the\s+)?)+",
        role,
    )
    if lead and lead.end() < len(role):
        role, start = role[lead.end() :], start + lead.end()
    comma = role.rfind(", ", 0, max(role.lower().rfind(" for "), 0) or len(role))
    if comma > 0 and not re.search(r"Commander$", role) and " for " not in role[:comma]:
        role, start = role[comma + 2 :], start + comma + 2
    fixed = re.search(
        r"\b(?:Chief of Police|Police Chief|Police Commissioner|Mayor|Sheriff|Chief Executive)$",
        role,
    )
    if fixed:
        return fixed[0], start + fixed.start()
    return role, start


def _without_bodies(
    role: str, start: int, organisations: Sequence[OrganisationFound]
) -> tuple[str, int]:
    """A role without the name of a body before it or behind it, or of whoever has it."""
    named = re.match(rf"{PERSON}, (?=\S)", role)
    if named and any(one.name == named["person"] for one in named_people(role)):
        role, start = role[named.end() :], start + named.end()
    for body in sorted(organisations, key=lambda one: -len(one.name)):
        if role.startswith(body.name + " ") and _SAYS_ROLE.search(role[len(body.name) :]):
            cut = len(body.name) + 1
            return role[cut:], start + cut
        at = role.find(body.name)
        left = re.sub(r"(?:,| (?:of|for|at|in)(?: the)?)? *$", "", role[: max(at, 0)])
        # "Halifax Town Centre Manager" is a role, though the centre is a body.
        if _SAYS_ROLE.search(left):
            return left, start
    return role, start


def _person(text: str, start: int, end: int, organisations: Sequence[OrganisationFound]) -> str:
    """The name that stands with a role, "" for none; the name of a body is no person's."""
    after = _PERSON_AFTER.match(text, end)
    before = _PERSON_BEFORE.search(text[max(0, start - 60) : start])
    for match in (after, before):
        if match and _is_person(match["person"]):
            name = match["person"]
            if not any(name in one.name for one in organisations):
                return name
    return ""


def _person_above(line: str) -> str:
    """The name that stands by itself in the line above a role."""
    match = re.fullmatch(rf"{TITLE}?{PERSON}{LETTERS},?", _title_if_shouted(line))
    return match["person"] if match and _is_person(match["person"]) else ""


def _is_person(name: str) -> bool:
    words = {word.casefold().strip(".,") for word in name.split()}
    return not words & _NO_PERSON
