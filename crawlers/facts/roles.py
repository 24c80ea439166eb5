"""Whom to ask: roles that stand with a name, an address or the words "contact" and "ask", and the
organisation they belong to."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawlers.facts.found import OrganisationFound, RoleFound, Sentence, passage_of, word_set

_RANK = r"""
    (?:Detective\ |Temporary\ |Acting\ |Deputy\ |Assistant\ )*
    (?:Chief\ Superintendent|Chief\ Inspector|Chief\ Constable|Superintendent|Inspector|Sergeant|
    Sgt|Lieutenant|Captain|Corporal|Commander|Constable)
"""
_FUNCTION = r"""
    Chief\ of\ Police|Police\ Chief|Chief\ Executive|Chief\ Officer|Mayor|Sheriff|
    [Mm]anager|[Cc]o-?ordinator|[Dd]irector|[Aa]dministrator|[Aa]nalyst|[Hh]eadteacher|
    [Hh]ead\ [Tt]eacher|[Ss]ecretary|[Cc]ommissioner|[Aa]dviser|[Aa]dvisor|[Pp]rincipal|[Ll]ead|
    [Aa]ssistant|[Cc]hancellor|[Cc]hair(?:man|woman|person)?|[Pp]resident|[Oo]fficer|[Ll]iaison|
    [Pp]lanner|[Ww]arden|[Cc]onsultant|[Rr]esearcher|[Pp]rofessor|[Pp]artner
"""
_MODIFIER = (
    r"(?:[A-Z][\w&'\u2019-]*|programme|program|project|team|community|safety|service|services)"
)
_FOR = r"(?:\ (?:for|of)\ (?:the\ )?[A-Z][\w-]*(?:,?\ (?:and\ )?[A-Z][\w-]*){0,5})"
_ROLE = re.compile(
    rf"""(?P<role>(?:{_RANK}(?:,\ (?:Divisional|District|Area|Borough|Sector)\ Commander)?)|
    (?:Superintendent|Chief)\ of\ Police|
    (?:(?:{_MODIFIER}),?\ (?:and\ )?){{0,5}}(?:{_FUNCTION})\b(?:{_FOR})?|
    [Hh]ead\ of\ (?:[A-Z]\w*)(?:\ (?:and\ )?[A-Z]\w*){{0,4}})(?![a-z])""",
    re.X,
)
_PERSON = (
    r"(?P<person>[A-Z][a-z]+(?:\ [A-Z]\.?)?(?:\ (?:[A-Z]\.?|[a-z]{2}))?\ "
    r"(?:Mc|Mac|O['\u2019])?[A-Z][\w'\u2019-]+)"
)
_PERSON_AFTER = re.compile(rf"[,:]?\s+(?:(?:Mr|Mrs|Ms|Dr)\.?\s+)?{_PERSON}")
_PERSON_BEFORE = re.compile(
    rf"(?:\b(?:Mr|Mrs|Ms|Dr)\.?\s+)?{_PERSON}(?:,|\s+[-\u2013])?\s+(?:the\s+|our\s+)?$"
)
_ASKED = re.compile(
    r"\b(?:contact(?:s|ed|ing)?|ask(?:\s+for)?|further (?:information|details)|more (?:information|"
    r"from)|e-?mail|tel(?:ephone)?|phone|call|speak to|talk to|enquiries|questions|author|"
    r"submitted by|"
    r"endors\w+|nominat\w+|sincerely|yours|truly)\b",
    re.I,
)
_REACHED = re.compile(r"@|\b0\d{2,4}[\s)]?[\d\s]{5,}|\(\d{3}\)\s?\d{3}")
_OF_BODY = re.compile(
    r"[,:]?\s+(?:at|of|for|with|from|in)\s+(?:the\s+)?$|[,:(\u2013-]\s*(?:the\s+)?$|\s+$"
)
# Words that look like a first and last name and are none.
_NO_PERSON = word_set(
    """police department council city county school street road community neighbourhood neighborhood
    safety crime unit team division precinct service services office university award project
    program programme management bureau town area north south east west state public the this
    borough village corporal captain lieutenant inspector constable detective superintendent agent
    commander chief officer sergeant herman goldstein tilley suite box avenue sir madam dear"""
)
_NO_ROLE = word_set(
    "officer manager director lead assistant analyst secretary chair partner president"
)
# A line of a form: "Position: Town centre manager".
_FORM = re.compile(
    r"(?:Position|Rank|Job title|Position\s?/\s?rank|Role)\s*:\s*(?P<role>[A-Z][\w ,&/-]{2,60})$",
    re.I,
)
_NEAR = 90
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
    return sorted(kept, key=lambda one: -one.confidence)[:_MOST]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The short lines above and below a line of a letterhead, a signature or an address."""

    above: str = ""
    below: tuple[str, ...] = ()


def _lines_round(sentences: Sequence[Sentence], number: int) -> _Lines:
    def short(at: int) -> str:
        text = sentences[at].text if 0 <= at < len(sentences) else ""
        return text if len(text.split()) <= _SHORT_LINE and not text.endswith(".") else ""

    if not short(number):
        return _Lines()
    below = []
    for at in (number + 1, number + 2):
        if not short(at):
            break
        below.append(short(at))
    return _Lines(short(number - 1), tuple(below))


def _of_sentence(
    sentence: Sentence, before: str, lines: _Lines, organisations: Sequence[OrganisationFound]
) -> Iterator[RoleFound]:
    text = sentence.text
    if form := _FORM.match(text):
        body = _body_beside(form["role"], lines, organisations)
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
        role, start = _trimmed(match["role"], match.start("role"), organisations)
        plain = "-".join(role.casefold().split())
        person = _person(shown, start, match.end("role"))
        body, near = _body(sentence, start, match.end("role"), organisations)
        if start < _AT_START and not person:
            person = _person_above(lines.above)
        if not near and start < _AT_START:
            beside = _body_beside(role, lines, organisations)
            body, near = (beside, True) if beside else (body, near)
        alone = len(text.split()) <= _SHORT_LINE
        asked = bool(
            _ASKED.search(f"{before} {text[:start]}"[-160:])
            or _REACHED.search(text)
            or (alone and body and start < _AT_START)
        )
        if not role or plain == "police-officer" or (plain in _NO_ROLE and not (asked and body)):
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
            end=sentence.start + match.end("role"),
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


def _trimmed(role: str, start: int, organisations: Sequence[OrganisationFound]) -> tuple[str, int]:
    """A role without the words before it that belong to something else."""
    lead = re.match(
        r"(?:(?:The|A|An|Our|Contact|Ask|By|And|For|From|To|As|Mr|Mrs|Ms|Dear|Local|Recently|Project"
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
    for body in sorted(organisations, key=lambda one: -len(one.name)):
        if role.startswith(body.name + " "):
            cut = len(body.name) + 1
            return role[cut:], start + cut
    return role, start


def _person(text: str, start: int, end: int) -> str:
    """The name that stands with a role, "" for none."""
    after = _PERSON_AFTER.match(text, end)
    if after and _is_person(after["person"]):
        return after["person"]
    before = _PERSON_BEFORE.search(text[max(0, start - 60) : start])
    if before and _is_person(before["person"]):
        return before["person"]
    return ""


def _person_above(line: str) -> str:
    """The name that stands by itself in the line above a role."""
    match = re.fullmatch(rf"(?:(?:Mr|Mrs|Ms|Dr)\.?\s+)?{_PERSON},?", _title_if_shouted(line))
    return match["person"] if match and _is_person(match["person"]) else ""


def _body_beside(role: str, lines: _Lines, organisations: Sequence[OrganisationFound]) -> str:
    """The organisation in the lines below a role, or in the one above it."""
    chief = _CHIEF.search(role)
    for line in (*lines.below, lines.above):
        for one in organisations:
            if re.search(re.escape(one.name), line, re.I):
                return one.name if not chief or _FORCE.search(one.name) else ""
    return ""


def _is_person(name: str) -> bool:
    words = {word.casefold().strip(".,") for word in name.split()}
    return not words & _NO_PERSON


def _body(
    sentence: Sentence, start: int, end: int, organisations: Sequence[OrganisationFound]
) -> tuple[str, bool]:
    """The organisation of a role, and whether it stands right beside it."""
    text = sentence.text
    best: tuple[int, str] | None = None
    chief = bool(_CHIEF.search(text[start:end]))
    for one in organisations:
        if chief and not _FORCE.search(one.name):
            continue
        for match in re.finditer(re.escape(one.name), text, re.I):
            if match.start() >= end:
                away = match.start() - end
            elif match.end() <= start:
                away = start - match.end() + 10
            else:
                continue
            if best is None or away < best[0]:
                best = (away, one.name)
    if best is not None and best[0] <= _NEAR // 2:
        return best[1], True
    unit = _UNIT_AFTER.match(text, end)
    if unit and not chief:
        return unit["unit"], True
    if best is not None and best[0] <= _NEAR:
        return best[1], False
    if chief:
        # Whoever signs for the police needs no name of the force beside the signature.
        forces = [one.name for one in organisations if _FORCE.search(one.name)]
        return min(forces, key=lambda name: name.startswith("City of"), default=""), False
    return "", False


# "Administrator, Fiscal Management Bureau", with a name in between or not
_UNIT_AFTER = re.compile(
    rf"(?:,?\s+{_PERSON})?,\s+(?:the\s+)?"
    r"(?P<unit>(?:[A-Z][\w&'\u2019-]*\s+(?:(?:of|and|for|&)\s+)?){1,5}"
    r"(?:Group|Unit|Bureau|Division|Section|Team|Office|Branch|Directorate|Partnership))\b"
)
_CHIEF = re.compile(r"\b(?:chief of police|police chief|police commissioner)\b", re.I)
_FORCE = re.compile(r"(?:Police(?: Department| Service)?|Constabulary|Sheriff.*)$|^City of", re.I)
