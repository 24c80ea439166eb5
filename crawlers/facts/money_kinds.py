"""Which way money went: what was spent, saved or lost, what was given, and what was only planned,
hoped for or asked for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# What says which way the money went; the word that stands nearest to the sum decides.
_KINDS = (
    (
        "saved",
        r"""sav(?:ed?|es|ings?)\b | benefits?\b | avoid(?:ed|ing|s)?\b | earned | recovered |
        less\ on\b | income | revenue | generated |
        returned\ (?!unspent|to\b) | worth\ at\ least | cost\ reductions?
        """,
    ),
    (
        "lost",
        r"""loss(?:es)?\b | los(?:t|ing|es?)\b | stolen | theft\ of | damages?\b | bill\b |
        cost(?:s|ing)?\ (?:local\ |the\ |our\ )?(?!less|plus)[a-z]{3,}[^\Was]s\s
        (?=[\u00a3$\u20ac]|an?\ |
        about\ |over\ |some\ ) |
        costs?\ (?:it|them|us|him|her|victims?|taxpayers?|society|the\ (?:force|police|city|town|
        county|council|department|nhs|taxpayer|economy|community|company|state|industry)|
        \w+\ police|businesses|residents|retailers|owners|insurers)\b | victims\ (?:some|about) |
        costing\ (?:the\ |its\ |their\ )?\w+\ (?:an\ estimated|about|over|around|some|up\ to)\b |
        fraud(?:s|ulently)? | defrauded | claims?\b | compensation\b
        """,
    ),
    (
        "given",
        r"""grants?\b | fund(?:s|ed|ing|ers?)?\b | contribut(?:ed|ion|ions|ing)\b | award(?:ed)?\b |
        (?:provided|given)\ (?:by\b|about\b|over\b|a\ |[\u00a3$\u20ac]) | secured\b | received\b |
        donat(?:ed|ion|ions)\b | rais(?:ed|ing)\b | gave\b(?!\ out) |
        of\ it\ (?:was\ )?(?:from|by)\b | sponsor(?:ed|ship)\b | won\b | obtained\b |
        financ(?:e|ed|ing)\b | lent\b | reserves?\b
        """,
    ),
    (
        "planned",
        r"""(?<!under\ )(?<!within\ )(?<!over\ )budget(?:s|ed)?\b |
        alloca(?:ted|tion)\b | set\ aside\b | earmarked\b | forecast\b |
        planned\b | ring-?fenced\b | estimated\ costs?\b | quot(?:e|ed|ation)\b
        """,
    ),
    (
        "asked",
        r"""(?!(?-i:BIDs?\b))bids?\b | bidding\b | appl(?:y|ied|ying|ications?)\b |
        asked\b | request(?:ed)?\b | sought\b | seek(?:s|ing)?\b | turned\ down\b |
        promised\b | pledged\b | refused\b | rejected\b | withdrawn\b |
        not\ (?:\w+\ )?(?:made|spent|bought|used|needed|built|fitted)\b | never\ (?:\w+\ )?(?:made|
        spent|bought|used|built|fitted)\b | un-?spent\b | under-?spend\b | shortfall\b
        """,
    ),
    (
        "spent",
        r"""cost(?:s|ing)?\b | spen[dt](?:s|ing)?\b | pa(?:y|ys|id|ying)\b |
        invest(?:ed|ment|ing)?\b | expen(?:se|ses|diture)\b | pric(?:e|ed)\b | bought |
        purchas(?:e|ed|ing) | fees?\b | salar(?:y|ies) | wages | to\ run\b | to\ operate\b | met\b |
        at\ a\ cost | running | set-up | leas(?:e|ed)\b | hired |
        (?:under|within|over)\ budget\b |
        went\ (?:on|to|towards?)\b
        """,
    ),
)
_KIND_WORDS = tuple((kind, re.compile(rf"\b(?:{words})", re.I | re.X)) for kind, words in _KINDS)
# What is told as still to come, or as what might be: "could save", "£900 will be spent".
_NOT_YET_BEFORE = re.compile(
    r"\b(?:will|would|could|may|might|should|can|cannot|if|hop(?:e[sd]?|ing)|expect(?:s|ed|ing)?|"
    r"aim(?:s|ed|ing)?|intend(?:s|ed|ing)?|plan(?:s|ned|ning)? (?:to|for)|propos(?:es?|ed|al)|"
    r"potential(?:ly)?|possible|likely|anticipat(?:es?|ed)|predict(?:s|ed)?|"
    r"(?:estimated|projected) to|targets? (?:of|to)|wish(?:es|ed)?|want(?:s|ed)?|"
    r"tried to|attempts? to)\b"
    r"(?:\W+[\w'\u2019]+){0,2}?\W*$",
    re.I,
)
_NOT_YET_AFTER = re.compile(
    r"(?:\W+[\w'\u2019]+){0,6}?\W+(?:(?:will|would|could|may|might|should|can|is to|are to)"
    r"(?: \w+)? (?:be|come|go|have)|(?:was|were|is|are|had been|has been) (?:hoped|expected|"
    r"planned|proposed|predicted|projected|forecast|anticipated|earmarked|"
    r"set aside)|(?:hoped|planned) for|if)\b",
    re.I,
)
_WOULD_HAVE = re.compile(r"\b(?:would|could|might|may|should)(?: \w+)? have [^.;]{0,40}$", re.I)
_SPENT_AFTER = re.compile(
    r"\W*(?:budget\W+)?(?:was|were|has been|have been|had been)(?: \w+)? spent\b", re.I
)
_CAME_TO_NOTHING = re.compile(
    r"\b(?:(?:not|never) (?:\w+ )?(?:made|spent|bought|used|needed|built|fitted|carried out|"
    r"achieved|realised|happen\w*)|(?:did|has|have|had) (?:not|never) (?:\w+ )?"
    r"(?:go|gone|come|happen\w*)|"
    r"refused|rejected|turned down|unsuccessful|cancelled|dropped|withdrawn|fell through)\b",
    re.I,
)
_LOST_AFTER = re.compile(
    r"\W*(?:in|of|worth of)\s(?:\w+\s)?(?:claims|compensation|damages?|losses|stock|property)\b",
    re.I,
)
# Where what is said of one sum ends.
_BREAK = re.compile(
    r"[;:]|,\s(?:and|but|while|so|then)\b|\b(?:but|while|whereas|although|though|however)\b", re.I
)
_NEAR = 60
_ONLY_MEANT = {"spent": "planned", "saved": "hoped"}


@dataclass(frozen=True, slots=True)
class KindWord:
    """A word that says which way money went, and where it stands."""

    kind: str
    start: int
    end: int


def kind_words(text: str) -> list[KindWord]:
    """The words of a sentence that say which way money went."""
    return list(_kind_words(text))


def _kind_words(text: str) -> Iterator[KindWord]:
    for kind, pattern in _KIND_WORDS:
        for word in pattern.finditer(text):
            yield KindWord(kind, word.start(), word.end())


def kind_of(text: str, start: int, end: int, words: Sequence[KindWord]) -> tuple[str, int]:
    """Which way the sum from `start` to `end` went, and how near the word that says so stands: 2
    near, 1 far, 0 none.

    The kinds are spent, saved, lost, given, planned, hoped (a saving) and asked (asked for,
    refused or not spent at all); "" where nothing says. Words before the sum count a little more
    than words after it.
    """
    best: tuple[float, KindWord] | None = None
    for word in words:
        # "cost the police £3m" tells of a loss, though "cost" stands there as well.
        away = float(word.kind == "spent")
        if word.end <= start:
            away += start - word.end
            apart = ";:"
            between = text[word.end : start]
        elif word.start >= end:
            away += word.start - end + 12
            apart = ";:,"
            between = text[end : word.start]
        else:
            continue
        if best is not None and away >= best[0]:
            continue
        if any(mark in between for mark in apart):
            away += 40
        if best is None or away < best[0]:
            best = (away, word)
    if best is None:
        return "", 0
    away, word = best
    return _come_true(word, text, start, end), 2 if away <= _NEAR else 1


def _come_true(word: KindWord, text: str, start: int, end: int) -> str:
    """The kind that a word tells, or what it comes to where it is only planned or hoped for."""
    edge = min(word.start, start)
    breaks = [found.end() for found in _BREAK.finditer(text, 0, edge)]
    before = text[breaks[-1] if breaks else 0 : edge]
    between = text[word.end : start] if word.end <= start else ""
    broken = _BREAK.search(text, end)
    behind = len(text[:end].rstrip())
    after = text[behind : broken.start() if broken else len(text)]
    if _LOST_AFTER.match(after):
        return "lost"
    if _WOULD_HAVE.search(text[breaks[-1] if breaks else 0 : start]):
        return "asked"
    if word.kind == "planned" and _SPENT_AFTER.match(after):
        return "spent"
    not_yet = _NOT_YET_BEFORE.search(before) or _NOT_YET_BEFORE.search(between[-_NEAR:])
    kind = word.kind
    if not_yet or _NOT_YET_AFTER.match(after):
        kind = _ONLY_MEANT.get(kind, "asked" if kind in ("lost", "given") else kind)
    return "asked" if kind in ("planned", "hoped") and _CAME_TO_NOTHING.search(text) else kind
