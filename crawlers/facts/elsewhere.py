"""What a text tells of others: "Leeds had tried this in 2015". The dates and places of it are not
those of the practice."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from crawlers.facts.found import Sentence
from crawlers.facts.gazetteer import Gazetteer, is_everyday, place_key

_WORK = (
    r"(?:schemes?|projects?|problems?|approach(?:es)?|models?|operations?|initiatives?|pilots?|"
    r"programmes?|programs?|orders?|ideas?|tactics?|trials?|interventions?|responses?|measures?|works?|"
    r"teams?|units?|services?|campaigns?|ones?|example)"
)
_CLAUSE = r"[^.;:()]*?(?=[.;:()]|$|,\s[a-z])"
_NAME = r"(?:[A-Z][\w'\u2019-]*[a-z](?:\s(?:(?:and|of|upon|on|&)\s)?[A-Z][\w'\u2019-]*[a-z]){0,5})"
_TRIED = (
    r"(?:tried|used|done|introduced|run|started|set\s+up|brought\s+in|adopted|piloted|trialled|"
    r"tested|built|fitted|installed|launched|begun|put\s+in|made|had\s+success)"
)
# A clause about what others did; it ends where the text comes back to its own.
_CLAUSES = re.compile(
    rf"""\b(?:(?:a|an|one|some|several|many|two|three|the)\s+)?(?:similar|comparable)\s+
        (?:\w+\s+)?{_WORK}\s+(?:in|at|by|from|run)\s+(?:the\s+)?(?=[A-Z]){_CLAUSE} |
    \b[Ss]imilar\s+to\s+(?:one|that|those|(?:a|an|the)\s+(?:\w+\s+)?{_WORK})\b{_CLAUSE} |
    \b(?:[Bb]ased|[Mm]odel+ed|[Pp]atterned)\s+(?:up)?on\s+(?=[^.;,]{{0,60}}\b{_WORK}\b){_CLAUSE} |
    \b[Vv]isit(?:ed)?\s+(?=[A-Z][^.;,]{{0,60}}\bto\s+(?:see|learn|look|hear)\b){_CLAUSE} |
    \b(?:[Ii]nspired\s+by|[Bb]orrowed\s+from|[Cc]opied\s+from|[Aa]dapted\s+from|
        [Ff]ollowing\s+(?:the\s+)?(?:success|example|lead|work)\s+(?:of|in)|
        (?:[Ll]essons|[Ll]earning|[Ll]earn(?:ed|t)|[Ii]deas?|[Ee]xamples?|[Ee]xperience|[Ee]vidence)
        \s+from\s+(?=[A-Z])|
        (?:[Aa]s|[Ll]ike)\s+(?:has\s+been\s+|was\s+|were\s+|is\s+)?(?:done|used|tried|seen|run)\s+in|
        [Ll]ike\s+(?:the\s+(?:one|scheme|project)s?|those|that)\s+(?:in|of|at)|
        [Tt]he\s+idea\s+came\s+from|[Ee]lsewhere,?\s+(?:such\s+as\s+)?in){_CLAUSE}""",
    re.X,
)
# A whole sentence about what others did.
_SENTENCES = re.compile(
    rf"""\bhad\s+(?:already\s+|also\s+|first\s+)?been\s+
        (?:used|tried|done|introduced|piloted|trialled|tested|adopted|run)\s+(?:\w+\s+)?(?:in|by)\s
        (?:the\s+)?(?=[A-Z]) |
    \b(?:in|by|to)\s+other\s+(?:towns|cities|forces|areas|boroughs|counties|countries|councils)\b |
    \b[Oo]ther\s+(?:forces|councils|towns|cities|areas|authorities|boroughs)\s+
        (?:have|had|that|which|already)\b |
    \b(?:In|At)\s[^.]{{0,40}}\ba\s+(?:similar|comparable)\s+(?:\w+\s+)?{_WORK}\s+
        (?:in|at|by)\s(?=[A-Z]) |
    ^A\s+(?:similar|comparable)\s+(?:\w+\s+)?{_WORK}\s+(?:in|at|by|run)\s+(?=[A-Z])""",
    re.X,
)
# Somebody who tried the same, at the head of the sentence or behind its date.
_NAMED = re.compile(
    rf"""(?P<name>{_NAME})\s+(?:
        had\s+(?:already\s+|also\s+|first\s+|previously\s+)?{_TRIED}\b |
        (?:tried|did|used|does|uses|runs?|ran|has|have)\s
            (?:(?:used|tried|done|run|had)\s)?(?:the\s+same|this|a\s+similar|similar)\b |
        (?:launch|start|introduc|adopt|begin|beg[au]n)(?:es|ed|s|e)?\s
            (?:a\s+similar|similar|the\s+same)\b |
        (?:has|have)\s+(?:already\s+)?{_TRIED}\s(?:the\s+same|this|it|a\s+similar|similar)\b)""",
    re.X,
)
_WHEN = re.compile(
    r"(?:In|On|During|Since|By|From)\s[^,]{0,40}?(?:19|20)\d\d,?\s+(?=[A-Z])|(?:Also|But|And),?\s+"
)
_SORT_OF = re.compile(
    r"(?:The\s)?(?:(?:(?:London|Royal)\s)?Borough|City|County|Town|District)\sof\s"
)
_BODY = re.compile(
    r"\s(?:(?:City|County|Borough|District|Town|Metropolitan)\s){0,2}"
    r"(?:Council|Police|Constabulary|Police Department)$"
)


def own_parts(sentences: Iterable[Sentence], gazetteer: Gazetteer) -> Iterator[Sentence]:
    """The sentences with blanks where they tell of others; every letter stays at its place."""
    for sentence in sentences:
        text = sentence.text
        for start, end in _elsewhere(text, gazetteer):
            text = text[:start] + " " * (end - start) + text[end:]
        yield (
            sentence if text == sentence.text else replace(sentence, text=text, whole=sentence.text)
        )


def _elsewhere(text: str, gazetteer: Gazetteer) -> Iterator[tuple[int, int]]:
    if _SENTENCES.search(text) or _names_others(text, gazetteer):
        yield 0, len(text)
        return
    for clause in _CLAUSES.finditer(text):
        yield clause.span()


def _names_others(text: str, gazetteer: Gazetteer) -> bool:
    begun = _WHEN.match(text)
    found = _NAMED.match(text, begun.end()) if begun else None
    found = found or _NAMED.match(text)
    if found is None:
        return False
    name, body = _BODY.subn("", found["name"])
    name, sort = _SORT_OF.subn("", name)
    sure = bool(body or sort) or not is_everyday(place_key(name))
    return sure and bool(gazetteer.named(name))
