"""Tidying titles of listings: only what is certain, so that words can be found and read."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

# Compounds of this field whose hyphen a listing may have lost: Problem-Oriented, Gang-related.
_FIRST_HALVES = "Anti|Multi|Non|Problem"
_SECOND_HALVES = "[Oo]riented|[Bb]ased|[Rr]elated|[Ff]ocuss?ed|[Ff]unded"
_WHOLE_WORDS = "Correlated|Interrelated|Underfunded"
_LOST_HYPHEN = (
    (re.compile(rf"\b({_FIRST_HALVES})(?=[A-Z][a-z])"), r"\1-"),
    (re.compile(rf"\b(?!{_WHOLE_WORDS})([A-Z][a-z]{{2,}})(?=(?:{_SECOND_HALVES})\b)"), r"\1-"),
)
_RUN_ON = re.compile(r"(?<![A-Za-z])([A-Za-z]?[a-z]{3,})([A-Z][a-z]{3,})(?![A-Za-z])")
_LOST_SPACE = re.compile(r"(?<=[A-Za-z])([:;])(?=[A-Za-z])")


def word_counts(titles: Iterable[str]) -> Counter[str]:
    """In how many titles each word stands by itself."""
    return Counter(word for title in titles for word in set(re.findall(r"[a-z]+", title.lower())))


def tidy_title(title: str, counts: Mapping[str, int]) -> str:
    """A title with single spaces, and words that ran together parted where that is certain.

    It is certain for the compounds above, and where both halves stand as words of their own in at
    least two other titles (`counts`, from `word_counts`); a name such as MacArthur so stays whole.
    """
    text = re.sub(r"\s+", " ", title).strip(" ,:;")
    text = _LOST_SPACE.sub(r"\1 ", text)
    for pattern, parted in _LOST_HYPHEN:
        text = pattern.sub(parted, text)
    return _RUN_ON.sub(lambda found: _parted(found, counts), text)


def _parted(found: re.Match[str], counts: Mapping[str, int]) -> str:
    first, second = found[1], found[2]
    both = counts.get(first.lower(), 0) >= 2 and counts.get(second.lower(), 0) >= 2
    return f"{first} {second}" if both else found[0]
