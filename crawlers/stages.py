"""Headings by which a text names its parts: the four stages of SARA, and what ends them."""

import re
from dataclasses import dataclass

STAGES = ("scanning", "analysis", "response", "assessment")

_NUMBER = r"(?:(?:section|part|step|stage|phase)\s+)?(?:[A-Ha-h]|[IVX]{1,4}|\d{1,2}(?:\.\d{1,2})*)"
_BEFORE = rf"[^\w]*(?:{_NUMBER}\s*[.):\]\u2013\u2014-]+\s*|{_NUMBER}\s+)?[^\w]*"
_WORD = r"(?i:scanning|analysis|responses?|assessment)"
_AND = r"\s*(?:/|&|,|\band\b)\s*"
_NAME = rf"(?P<names>{_WORD}(?:{_AND}{_WORD})*)(?P<phase>\s+(?i:phase|stage|step|section))?"
# A stage by its own name: alone on the line, or with a mark between it and its text.
_NAMED = re.compile(
    rf"{_BEFORE}{_NAME}\s*(?:$|[:;=]+\s*|[.](?:\s+|$)|[\u2013\u2014-]+(?:\s+|$)|\]\s*)"
)
# The same in capitals, straight before a sentence.
_SHOUTED = re.compile(
    rf"{_BEFORE}(?P<names>SCANNING|ANALYSIS|RESPONSE|ASSESSMENT)\s+(?=[\"'\u201c]?[A-Z](?:[a-z]|\s[a-z]))"
)
# With a capital before a sentence: believed only beside other stages.
_LEANING = re.compile(rf"(?P<names>{_WORD})\s+(?=[A-Z][a-z]*\s+[a-z])")
# Inside a paragraph whose lines were joined.
WITHIN = re.compile(
    rf"(?<=[^\w\s])\s+(?=(?:{_WORD})\s*:\s)|\s+(?=(?:Scanning|Analysis|Response|Assessment|"
    r"SCANNING|ANALYSIS|RESPONSE|ASSESSMENT)\s*:\s)"
)
_LEADERS = re.compile(r"^[.\s\u2026\u00b7_-]{4,}|[.\u2026]{4,}\s*\S{0,12}$|^\s*\d{1,3}$")

_SAID_OTHERWISE = {
    "scanning": r"""
        (?:the\ |a\ )?(?:statement|description|nature|definition|scale|extent|identification)
            \ of\ (?:the\ )?(?:problem|issue)s?.* |
        (?:the\ |our\ |local\ )?(?:problem|issue|challenge)s?
            (?:\ (?:statement|description|definition|identified|identification|faced))? |
        (?:the\ )?needs? | (?:the\ )?(?:background|context)(?:\ (?:and|to|of)\ .*)? |
        what\ (?:is|was|were|are)\ the\ (?:problem|issue|challenge)s?.* |
        (?:identifying|defining)\ (?:the\ )?(?:problem|issue)s?.* |
        (?:the\ )?(?:need|reasons?)\ for\ (?:the\ )?(?:project|scheme|programme|program|action).* |
        why\ (?:was\ it|it\ was|this\ was)\ (?:needed|chosen).* | the\ situation
    """,
    "analysis": r"""
        (?:problem|data|crime|detailed|the)\ analysis(?:\ .*)? | analysis\ of\ .* |
        analy[sz]ing\ .* | (?:root\ |likely\ |possible\ |the\ )?causes?(?:\ of\ .*)? |
        understanding\ (?:the|your|our)\ .* | (?:contributing|causal)\ factors?.* |
        factors\ (?:contributing|behind).* | what\ (?:is\ |was\ )?(?:caus|the\ data|we\ found).* |
        why\ (?:it|this|the\ problem)\ .*
    """,
    "response": r"""
        (?:the\ |our\ )?(?:police\ |partnership\ |multi-agency\ )?responses?(?:\ to\ .*)? |
        what\ (?:we|you|they|was|were|has\ been|did)\ .*(?:do|did|done|doing).* |
        what\ (?:we|you)\ did |
        (?:the\ |our\ )?(?:intervention|solution|initiative|approach|tactic|measure|activit(?:y|ie)|
            strateg(?:y|ie)|remed(?:y|ie))s?(?:\ (?:taken|used|adopted|and\ .*|to\ .*))? |
        (?:the\ )?actions?(?:\ (?:taken|plan))? | (?:the\ )?implementation(?:\ .*)? |
        taking\ action | how\ (?:it|the\ .*|we)\ (?:works?|worked|did\ it|was\ (?:done|delivered)) |
        how\ we\ tackled.* | (?:the\ )?(?:project|scheme|programme)(?:\ (?:activities|delivery))?
    """,
    "assessment": r"""
        (?:the\ |key\ |main\ |final\ )?(?:results?|outcomes?|impacts?|effects?|findings|
            achievements|benefits|evaluation|effectiveness|outputs?\ and\ outcomes)
            (?:\ (?:of|and|so\ far|achieved|on|to\ date)(?:\ .*)?)? |
        assessment\ of\ (?:the\ )?(?:response|results|impact|effect|project|success).* |
        assessing\ .* | what\ (?:was\ the\ (?:impact|result|outcome)|difference|happened|
            (?:are\ |were\ )?the\ (?:results|outcomes|impact)|worked).* |
        (?:the\ )?difference\ (?:it|we|made).* | (?:key\ )?lessons?(?:\ learn(?:ed|t))?(?:\ .*)? |
        what\ (?:we|was|has\ been|have\ we)\ (?:have\ )?learn(?:ed|t) |
        (?:the\ )?success(?:es)?(?:\ .*)? | conclusions? | did\ it\ work.* | how\ well\ did.*
    """,
}
# How a form asks for it.
_ASKED = (
    r"(?:(?:please|briefly)\s+)*"
    r"(?:(?:describe|explain|outline|summari[sz]e|tell\s+us(?:\s+about)?|details\s+of)\s+)?"
)
_OTHERWISE = {
    stage: re.compile(rf"{_BEFORE}{_ASKED}(?:{pattern})\W*", re.I | re.X)
    for stage, pattern in _SAID_OTHERWISE.items()
}
_ENDS = re.compile(
    rf"{_BEFORE}(?:references|bibliography|acknowledge?ments?|appendi(?:x|ces)\b.*|contacts?|"
    r"contact (?:details|information|us)|further (?:information|reading|help)|(?:end|foot)notes?|"
    r"agency (?:and officer )?information.*|about (?:us|the authors?|this .*)|contents|"
    r"table of contents|(?:executive )?summary|abstract|authors?|(?:key )?(?:project )?team.*|"
    r"next steps|related .*|see also|share .*|tags?|links|attachments?|downloads?|"
    r"officer information)\W*",
    re.I,
)
# A label in capitals before its text, as award summaries have it.
_LABEL = re.compile(r"(?P<label>[A-Z][A-Z'\u2019 ]{2,50}:)\W+(?=\w)")
_MOST_HEADING_WORDS, _MOST_BARE_WORDS = 9, 6


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that begins one stage, or two told together; none when it ends one.

    `sure` is `named` (by its own name), `leaning` (by its name, straight before a sentence) or
    `otherwise` (in other words). `rest` is the text on the same line.
    """

    stages: tuple[str, ...]
    sure: str
    name: str
    rest: str = ""


def heading_of(text: str, *, alone: bool) -> Heading | None:
    """The stage heading that a line or paragraph begins with.

    `alone` says that the line is known to be a heading, so that other words count as well.
    """
    start = text[:160]
    named = _NAMED.match(start) or _SHOUTED.match(start)
    if named and named["names"][0].isupper():
        rest = text[named.end() :].strip()
        if _LEADERS.search(rest):
            return None
        return Heading(_stages(named["names"]), "named", named["names"], rest)
    if alone and len(text.split()) <= _MOST_HEADING_WORDS:
        if _ENDS.fullmatch(text):
            return Heading((), "otherwise", text)
        for stage, pattern in _OTHERWISE.items():
            if pattern.fullmatch(text):
                return Heading((stage,), "otherwise", text)
    if label := _LABEL.match(start):
        for stage, pattern in _OTHERWISE.items():
            if pattern.fullmatch(label["label"]):
                return Heading((stage,), "otherwise", label["label"], text[label.end() :])
    leaning = _LEANING.match(start)
    if leaning and leaning["names"][0].isupper():
        rest = text[leaning.end() :].strip()
        return Heading(_stages(leaning["names"]), "leaning", leaning["names"], rest)
    return None


def stage_named(line: str) -> Heading | None:
    """The stage that a line of running text begins by its own name."""
    found = heading_of(line, alone=False)
    return found if found is not None and found.sure == "named" else None


def bare_heading(line: str) -> Heading | None:
    """The stage that a short line by itself says in other words, such as "What we did"."""
    if line[-1:] in ".,;!" or len(line.split()) > _MOST_BARE_WORDS:
        return None
    found = heading_of(line, alone=True)
    return found if found is not None and found.sure == "otherwise" else None


def _stages(names: str) -> tuple[str, ...]:
    low = names.lower()
    return tuple(stage for stage in STAGES if stage in low)
