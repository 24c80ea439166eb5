"""Questions as people ask them: the opening that carries no subject, and what it asks for.

"What works to stop off-road bikes" is a search for off-road bikes by somebody who wants to know
what to do. The opening is not looked for, which is said, and the part of practice it asks about
is offered as a filter.
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
        "what (?:really )?(?:works|worked|helps|helped|has worked|has been tried)(?: best| well)?",
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


_WHETHER = re.compile(
    r"(?:do|does|did|can|could|will|would|is|are|was|were) (.+?) "
    r"((?:really |actually )?"
    r"(?:work|help|effective|worth it|worthwhile|worth doing|any good|any use|successful))"
)


def _compiled(openings: Iterable[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(openings)}){_TAIL}(?= )")


_PATTERNS = {aspect: _compiled(openings) for aspect, openings in _OPENINGS.items()}


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening of a question: its words, how many, and the aspect it asks for, if any.

    `closing` is how many words at the end belong to it, as in "does … work".
    """

    text: str
    length: int
    aspect: str = ""
    closing: int = 0

    def left(self, typed: Sequence[str]) -> Sequence[str]:
        """What was typed without it."""
        return typed[self.length : len(typed) - self.closing]


def opening(typed: Sequence[str]) -> Opening | None:
    """How a question among these words opens; None when there is none, or nothing behind it."""
    plain = [re.sub(r"[^\w'-]", "", word).lower() for word in typed[:MOST_WORDS]]
    length, aspect = 0, ""
    while True:
        rest = " ".join(plain[length:]) + " "
        found = [
            (len(match[0].split()), asked)
            for asked, pattern in _PATTERNS.items()
            if (match := pattern.match(rest))
        ]
        longest, asked = max(found, default=(0, ""))
        if not longest:
            break
        length, aspect = length + longest, aspect or asked
    if not length:
        return _whether(typed)
    if not any(stems(word) for word in typed[length:]):
        return None
    return Opening(" ".join(typed[:length]), length, aspect)


def _whether(typed: Sequence[str]) -> Opening | None:
    """What asks whether something works, before the something and behind it."""
    asked = _WHETHER.fullmatch(" ".join(typed).lower().rstrip(" ?"))
    if asked is None or len(typed) > MOST_WORDS or not stems(asked[1]):
        return None
    closing = len(asked[2].split())
    return Opening(f"{typed[0]} … {asked[2]}", 1, "what", closing)
