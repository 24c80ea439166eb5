"""A name that stands behind words such as "funded by" or "evaluated by", whatever it is made of."""

import re
from collections.abc import Iterator

from crawlers.facts.body_words import HEAD

_CAPITAL = r"(?:[A-Z\u00c0-\u00de][\w'\u2019&+-]*|St\.|\d{4}(?:[/-]\d{2,4})?(?![\d,]))"
_LINK = r"(?:of the|for the|of|for|and|&|upon|on|de|round|phase|stream)"
_FIRST = r"(?:(?:[A-Z]\.)+|[A-Z\u00c0-\u00de][\w'\u2019&+-]*\.?)"
NAME_RUN = rf"{_FIRST}(?:,? (?:{_LINK} )?(?:{_CAPITAL}|\d\b))*"
"""A run of words with capitals, joined as names are, with the number or years of a fund."""

_RUN = re.compile(NAME_RUN)
_LEAD = re.compile(
    r"\s*[:|]?\s*(?:both |jointly |partly |mainly |largely )?(?:the |The |a |an |our )?"
)
_NEXT = re.compile(
    r"\s*(?:\([^()]{1,60}\))?,?\s*(?:and|;|,|as well as)\s+(?:also )?(?:from |by )?"
    r"(?:the |The |a |an )?(?=[A-Z\u00c0-\u00de])"
)
_PLACE_BEHIND = re.compile(r" \([A-Z\u00c0-\u00de][^()\d]{2,40}\)")
# Where one name ends and "and" begins the next: "the Home Office and Leeds City Council".
_WHOLE = re.compile(
    rf"(?:\b(?:{HEAD}|Police|Office|Grants?|Lottery|Relief|League|England|UK|Bank|Club)|\d)$", re.X
)
_KIND_BEHIND = re.compile(
    r"(?:['\u2019]s)? (?:fund|grant|levy|programme|scheme|budget|reserve|office|council|"
    r"department|team)\b"
)
_MOST_NAMES = 4


def names_behind(text: str, start: int) -> Iterator[tuple[str, int, int]]:
    """The names that a text lists from a place on, each with where it begins and ends."""
    at = start + len(_LEAD.match(text, start)[0])  # type: ignore[index]  # it matches nothing too
    for _ in range(_MOST_NAMES):
        match = _RUN.match(text, at)
        if match is None:
            return
        name = match[0]
        for joint in re.finditer(r"(?:,| (?:and|&)) (?:the )?(?!Crime Comm)", name):
            if _WHOLE.search(name[: joint.start()]):
                name = name[: joint.start()]
                break
        name = re.sub(r"(?:['\u2019]s|[.,])$", "", name)
        end = at + len(name)
        kind = _KIND_BEHIND.match(text, end)
        if kind:
            name, end = name + kind[0], kind.end()
        behind = _PLACE_BEHIND.match(text, end)
        if behind:
            name, end = name + behind[0], behind.end()
        yield name, at, end
        following = _NEXT.match(text, end)
        if following is None:
            return
        at = following.end()
