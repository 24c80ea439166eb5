"""Questions as people ask them: the opening that carries no subject, and what it asks for.

"What works to stop off-road bikes" is a search for off-road bikes by somebody who wants to know
what to do. The opening is not looked for, which is said, and the part of practice it asks about
is offered as a filter; so are the results that "what works" and "made it worse" ask about.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.keyword import stems

MOST_WORDS = 14  # of an opening

_WE = "(?:i|we|you|they|one|police|the police|councils|a council|schools)"
_ABOUT = "(?:about|against|for|in|of|on|to|that|with)"
_VERB = (
    "(?:(?:stop|prevent|reduce|tackle|cut|lower|address|combat|fight|solve|manage|handle)(?:p?ing)?"
    "|reducing|tackling|cutting|solving|managing|handling|combatting"
    "|(?:deal|dealing|cope|coping) with|(?:get|getting) rid of|do about|(?:respond|responding) to)"
    "(?! (?:and|or) (?:search|frisk))"
)
_OPENINGS: dict[str, tuple[str, ...]] = {
    "what": (
        "what has been tried",
        f"what (?:can|could|should|do|did|might) (?:be done|{_WE}(?: do)?)",
        "what to do",
        "what (?:is|are) the (?:best )?(?:ways?|responses?|solutions?)",
        "(?:is|are) there (?:any |good )*(?:evidence|research|examples?|projects)",
        f"(?:any |good |some )*(?:evidence|ideas?|examples?|case studies)(?= {_ABOUT} )",
        f"(?:good|best) practice(?= {_ABOUT} )",
    ),
    "how": (
        f"how (?:do|can|could|should|would|did|might) {_WE}(?: best)?",
        "how (?:best )?to",
        "(?:best |good )?ways(?= (?:of|to) )",
        f"(?:a |any )?(?:guidance|advice|toolkit)(?= {_ABOUT} )",
    ),
    "who": (
        f"who (?:can|could|should|might) (?:help|{_WE} (?:ask|talk to|contact|speak to|work with))",
        "who (?:has|have) (?:tried|dealt with|worked on|experience of)",
        "who (?:has|have) done(?: any work| some work| work)?",
        "who (?:is|are) (?:doing|working on|dealing with)",
        "who (?:to ask|to contact|helps)",
    ),
    "when": (
        f"when (?:should|do|can) {_WE}(?: start)?",
        "when to(?: start)?",
        "when is the (?:best|right) time (?:for|to)",
        f"how (?:long|soon) (?:before|until) {_WE}",
    ),
    "": (
        "(?:please )?(?:(?:can|could) you )?(?:tell|show|find|give|help) (?:me|us)(?: with)?",
        f"(?:i|we)(?: am| are)? (?:want|need|looking|would like)(?: {_ABOUT})?(?: find| know)?",
        "looking for",
        "(?:i |we )?need help with",
    ),
}
# What is done with anything that is new; it says as little of the subject as "how to".
_BEGIN = (
    "(?:(?:set|setting) up|start(?:ing)?(?: up)?|run(?:ning)?|build(?:ing)?|develop(?:ing)?"
    "|(?:mak|creat|writ)(?:e|ing))"
    "(?: (?:a|an|the|our|my|your))"
)
_TAIL = f"(?: {_ABOUT})?(?: {_VERB}| {_BEGIN})?(?: (?:the|a|an|our|my) problems? (?:of|with))?"


# What asks for work that helped, changed nothing or did harm, by the codes of such results.
_WHAT_WORKS = (
    "what (?:really )?(?:works|worked|helps|helped|has worked)(?! cent| network)(?: best| well)?"
)
_THING = (
    "(?:projects?|schemes?|responses?|initiatives?|interventions?|programmes?|programs?"
    "|attempts?|approach(?:es)?|ideas?|things?|anything|what|it|this|these|they)"
)
_THINGS = f"(?:{_THING}(?: that| which| have| has)?|that|which)"
_NOT_WORKED = (
    "(?:(?:does|dos|do|did|has|have|had)(?: not|e?n'?t) (?:really |actually |always )?"
    "(?:work(?:ed)?|help(?:ed)?|succeed(?:ed)?|ma[dk]e (?:a|any|much) (?:difference|change))"
    "|never (?:works?|worked|helped)"
    "|(?:was|were|is|are) (?:unsuccessful|ineffective|not effective))"
)
_NO_EFFECT = (
    "(?:(?:with|had|have|has|having|made|showed) )?(?:no|little)"
    " (?:real |clear |measurable |lasting )?(?:effect|impact|difference)(?! between)"
)
_HARM = (
    "(?:(?:made|makes?|making) (?:it|things|matters|them|the problem|crime)(?: even| much)? worse"
    "|back-?fir(?:ed?|es|ing)|(?:did|does|do|doing) (?:more )?harm(?: than good)?)"
)
_HELPED = ("better", "probably-better")
_FAILED = "(?:fail(?:s|ed)?|went wrong|goe?s? wrong)"
_WORKED = "(?:really |actually )?(?:worked|succeeded|(?:was|were) successful)"
_UNCHANGED, _WORSE = ("no-change",), ("worse",)
_RESULTS = {
    _HELPED: f"{_THINGS} {_WORKED}|(?:successful|effective) {_THINGS}",
    _UNCHANGED: f"(?:{_THINGS} )?{_NO_EFFECT}",
    _WORSE: f"(?:{_THINGS} )?{_HARM}|harmful {_THINGS}",
    _UNCHANGED + _WORSE: (
        f"(?:{_THINGS} )?{_NOT_WORKED}|{_THINGS} {_FAILED}"
        f"|(?:failed|failing|unsuccessful|ineffective) {_THINGS}"
    ),
}
# At the end "that" must be said: who asks whether "my project worked" does not ask for results.
_THAT = f"(?:(?:{_THING} )?(?:that|which) )"
_RESULT_ENDS = {
    _HELPED: re.compile(f".+? ({_THAT}{_WORKED})"),
    _UNCHANGED: re.compile(f".+? ({_THAT}?{_NO_EFFECT})"),
    _WORSE: re.compile(f".+? ({_THAT}?{_HARM})"),
    _UNCHANGED + _WORSE: re.compile(f".+? ({_THAT}?{_NOT_WORKED}|{_THAT}{_FAILED})"),
}

# Where and how often it is for whoever asks, which tells nothing of the problem. A road or a night
# that is not theirs may be what the search is about, and so may what happens again and again.
_OURS = re.compile(
    ".+? ("
    "(?:in|on|down|along|up|around|round|near|outside|behind|across) (?:our|my)"
    " (?:road|street|lane|avenue|close|area|neighbou?rhood|village|town|city|patch|ward|borough"
    "|district|house|home|door|window|way)"
    "|(?:down|up|along) the (?:road|street|lane|way)"
    "|(?:round|around|near|by) (?:here|us|me|our way|my way)"
    "|(?:near |round |around )?where (?:i|we) live"
    "|(?:every|all|each) (?:single )?(?:night|day|evening|weekend|week)(?: long)?"
    "|all the time|at all hours|all hours|day and night|night and day"
    "|for (?:days|weeks|months|years)"
    ")"
)

_WHETHER = re.compile(
    r"(?:do|does|did|can|could|will|would|is|are|was|were) (.+?) "
    r"((?:really |actually )?"
    r"(?:work|help|effective|worth it|worthwhile|worth doing|any good|any use|successful))"
)


def _compiled(openings: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(openings)}){_TAIL}(?= )")


# By what is asked for: an aspect, or results.
_PATTERNS: list[tuple[re.Pattern[str], str, tuple[str, ...]]] = [
    (_compiled((_WHAT_WORKS,)), "what", _HELPED),
    *((_compiled(openings), aspect, ()) for aspect, openings in _OPENINGS.items()),
    *((_compiled((asked,)), "", codes) for codes, asked in _RESULTS.items()),
]


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening of a question: its words, how many, and the aspect it asks for, if any.

    `closing` is how many words at the end belong to it, as in "does … work"; `results` are the
    codes of results that it asks for.
    """

    text: str
    length: int
    aspect: str = ""
    closing: int = 0
    results: tuple[str, ...] = ()

    def left(self, typed: Sequence[str]) -> Sequence[str]:
        """What was typed without it."""
        return typed[self.length : len(typed) - self.closing]


def opening(typed: Sequence[str]) -> Opening | None:
    """How a question among these words opens and ends; None where neither is, or nothing between.

    Of one that asks for results nothing need be left: they can be asked for by themselves.
    """
    first = typed[:MOST_WORDS]
    plain = [re.sub(r"[^\w'-]", "", word.replace("\u2019", "'")).lower() for word in first]
    ours = _ours(plain) if len(typed) <= MOST_WORDS else 0
    plain = plain[: len(plain) - ours]
    length, aspect = 0, ""
    results: tuple[str, ...] = ()
    while True:
        more, asked, codes = _next(" ".join(plain[length:]) + " ")
        if not more:
            break
        length, aspect, results = length + more, aspect or asked, results or codes
    ends = len(typed) <= MOST_WORDS and not results and aspect in ("", "what")
    closing, ended = _ending(plain[length:]) if ends else (0, ())
    results = results or ended
    if not length and not results and (asked_whether := _whether(typed, ours)):
        return asked_whether
    closing += ours
    left = typed[length : len(typed) - closing]
    if not (length or closing) or (not results and not any(stems(word) for word in left)):
        return None
    parts = (" ".join(part) for part in (typed[:length], typed[len(typed) - closing :]) if part)
    return Opening(" … ".join(parts), length, aspect, closing, results)


def _ours(plain: Sequence[str]) -> int:
    """How many words at the end say where or how often it is for whoever asks."""
    rest, ours = " ".join(plain), 0
    while found := _OURS.fullmatch(rest):
        ours += len(found[1].split())
        rest = rest[: found.start(1)].rstrip()
    return ours


def _next(rest: str) -> tuple[int, str, tuple[str, ...]]:
    """How many words a text begins with that carry no subject, and the aspect or results asked."""
    found = [
        (len(match[0].split()), aspect, codes)
        for pattern, aspect, codes in _PATTERNS
        if (match := pattern.match(rest))
    ]
    return max(found, key=lambda one: one[0], default=(0, "", ()))


def _ending(plain: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """How many words at the end ask for results, and for which."""
    said = " ".join(plain)
    found = [(m[1], codes) for codes, p in _RESULT_ENDS.items() if (m := p.fullmatch(said))]
    longest, codes = max(found, key=lambda one: len(one[0]), default=("", ()))
    return len(longest.split()), codes


def _whether(typed: Sequence[str], ours: int) -> Opening | None:
    """What asks whether something works, before the something and behind it.

    `ours` is how many words at the end belong to neither.
    """
    body = " ".join(typed[: len(typed) - ours])
    asked = _WHETHER.fullmatch(body.lower().rstrip(" ?"))
    if asked is None or len(typed) > MOST_WORDS or not stems(asked[1]):
        return None
    closing = len(asked[2].split()) + ours
    return Opening(f"{typed[0]} … {' '.join(typed[len(typed) - closing :])}", 1, "what", closing)
