"""The organisation that a role belongs to: beside it, in the lines round it, or the only one of its
kind."""

import re
from collections.abc import Iterable, Sequence

from crawlers.facts.found import OrganisationFound, Sentence
from crawlers.facts.written_names import PERSON

_NEAR = 90
# "Administrator, Fiscal Management Bureau", with a name in between or not
_UNIT_AFTER = re.compile(
    rf"(?:,?\s+{PERSON})?,\s+(?:the\s+)?"
    r"(?P<unit>(?:[A-Z][\w&'\u2019-]*\s+(?:(?:of|and|for|&)\s+)?){1,5}"
    r"(?:Group|Unit|Bureau|Division|Section|Team|Office|Branch|Directorate|Partnership))\b"
)
# Somebody else stands between a role and a body: "the Manager, or Sergeant Ann Hale, Kent Police".
_ANOTHER = re.compile(rf"\b(?:or|and)\b.*\b{PERSON}|;")
_CHIEF = re.compile(r"\b(?:chief of police|police chief|police commissioner)\b", re.I)
_FORCE = re.compile(r"(?:Police(?: Department| Service)?|Constabulary|Sheriff.*)$|^City of", re.I)
# In a form, the line that names the body of whoever fills it in, and that of the others.
_OWN_LINE = re.compile(r"(?:force|organi[sz]ation|agency|employer|council|department)\b", re.I)
_PARTNERS = re.compile(r"(?:\w+ )?partners?\b", re.I)
# Whoever leads such a body needs no name of it beside the role.
_AT_THE_HEAD_OF = (
    (
        re.compile(r"\bhead ?(?:teacher|master|mistress)\b|\bprincipal\b", re.I),
        re.compile(r"\b(?:School|Academy|College)\b"),
    ),
    (re.compile(r"\bmayor\b", re.I), re.compile(r"^City of|\bCity Council$")),
)


def body_beside(role: str, lines: Iterable[str], organisations: Sequence[OrganisationFound]) -> str:
    """The first organisation in the lines round a role, "" for none that it can belong to."""
    chief = _CHIEF.search(role)
    for line in sorted(lines, key=lambda line: not _OWN_LINE.match(line)):
        if _PARTNERS.match(line):
            continue
        for one in organisations:
            if re.search(re.escape(one.name), line, re.I):
                return one.name if not chief or _FORCE.search(one.name) else ""
    return ""


def body_of(
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
                if _ANOTHER.search(text[end : match.start()]):
                    continue
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
    for role, bodies in _AT_THE_HEAD_OF:
        if role.search(text[start:end]):
            named = [one for one in organisations if bodies.search(one.name)]
            if named:
                return max(named, key=lambda one: one.mentions).name, False
    return "", False
