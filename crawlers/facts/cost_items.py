"""What a sum of money was for, in a few words of its sentence."""

import re

_CLAUSE = re.compile(r"[;:]|,\s(?=(?:and|but|which|while|of which|in place)\b)|\s\(")
_ROUND = 200
_WORDS = 18
# What stands behind a sum: "we spent £17,450 on the shelter", "£900 was paid for signs".
_FOR = re.compile(
    r"(?:\s(?:a|each|every|per) (?:year|month|week|annum))?"
    r"(?:\s(?:was|were|is|has been|went|has gone))?"
    r"(?:\s(?:spent|paid|used))?\s(?:on|for(?! \d)|towards?)\s"
    r"(?!(?:each|every|about|a|one|two|three|\d+)\b"
    r"(?: \w+)? (?:years?|months?|weeks?|days?|hours?)|(?:it|this|that|them|which|\d{4})\b)"
    r"(?P<item>[^.;:()\u00a3$\u20ac]{3,120}?)"
    r"(?=[.;:(]|,\s|\s(?:but|which|while|in (?:19|20)\d\d|from|by|over)\s|\s*$|"
    r"\sand\s(?:[\u00a3$\u20ac\d]|(?:about|around|nearly|another|we|it|they|this|that|the|in|had|was|were|spent|paid|saved)\b))"
)
# The label of a line: "Mentor's salary (0.6 FTE): £19,200".
_LABEL = re.compile(
    r"(?P<item>[A-Z\d][^:\u00a3$\u20ac]{2,60}):\s*(?:about|around|approx\.?|approximately|circa|c\.?|some)?\s*$"
)
# What stands before it: "The gates cost about £20,000", "Printing: £80".
_COST = re.compile(
    r"(?:^|[.;]\s|,\s(?:and|but)\s|\band\s)(?P<item>(?!(?:[Ii]t|[Tt]his|[Tt]hat|[Tt]hey|[Ww]e|"
    r"[Ww]hich|[Tt]here|[Hh]e|[Ss]he|who)\b)[^.;:,()\u00a3$\u20ac]{3,70}?)\s*(?::|(?:\s(?:will|would|has|have|had))?\s"
    r"(?:costs?|came to|come to|was|were|is|are|amounted to))"
    r"(?:\s(?:us|about|around|some|roughly|nearly|almost|just|over|under|a total of|approximately|"
    r"up to|an estimated|only|another))*\s*$"
)

# What stands before a sum in brackets: "paid for posters (£380)".
_BOUGHT = re.compile(
    r"\b(?:paid for|bought|purchased|spent on|hired|installed|fitted|put in|put up)\s"
    r"(?P<item>[^.;:()\u00a3$\u20ac]{3,70}?)\s*\($"
)
# One of a list: "equipment £4,500, training of £2,000".
_LISTED = re.compile(
    r"[:,;(]\s(?:and\s|plus\s)?(?P<item>[^\W\d][\w'\u2019-]*(?:\s[\w'\u2019-]+){0,3}?)(?:\s(?:of|at))?\s*[(:=]?\s*$"
)
# How a sum is reckoned: "6 x £1,450 =", "at £85 each (".
_RECKONED = re.compile(
    r"\s*\(?(?:\d+\s*[@x\u00d7]|\bat|@|\s[x\u00d7])\s*[\u00a3$\u20ac]\s?[\d,.]+(?:\s+each|\s+per\s\w+)?"
    r"\s*[()=,:]*\s*$"
)


def item_of(text: str, match: re.Match[str]) -> str:
    """What a sum is for: the thing that is named beside it, else the clause round it."""
    end = match.start() + len(match[0].rstrip())
    if behind := _FOR.match(text, end):
        return _named(behind["item"])
    before = _RECKONED.sub(" ", text[max(0, match.start() - _ROUND) : match.start()])
    named = (
        _BOUGHT.search(before)
        or _LABEL.match(before)
        or _COST.search(before)
        or _LISTED.search(before)
    )
    if named and re.search(r"[^\W\d]{2}", named["item"]):
        return _named(named["item"])
    return _clause(text, match)


def _named(item: str) -> str:
    """A thing as the name of a row: without its article."""
    item = re.sub(r"^(?:the|an?|its|our|their)\s+", "", item.strip(" ,"), flags=re.I)
    words = item.split()[:_WORDS]
    return " ".join(words)[:1].upper() + " ".join(words)[1:]


def _clause(text: str, match: re.Match[str]) -> str:
    """The clause round a sum, cut to a few words; of one in brackets, what stands before them."""
    first = max(0, match.start() - _ROUND)
    before = _RECKONED.sub("", text[first : match.start()])
    if len(before) < match.start() - first and re.search(r"[^\W\d]{3}", before):
        return " ".join(before.strip(" .,;:()").split()[-_WORDS:])
    starts = [found.end() for found in _CLAUSE.finditer(text, first, match.start())]
    ending = _CLAUSE.search(text, match.end())
    end = ending.start() if ending else len(text)
    for start in (*starts[::-1], first):
        clause = text[start:end].strip(" .,;:()")
        if re.search(r"[^\W\d]{3}", clause.replace(match[0].strip(), "")):
            break
    words = clause.split()
    if len(words) <= _WORDS:
        return clause
    before_sum = text[start : match.start()].split()
    first = max(0, len(before_sum) - _WORDS // 2)
    return " ".join(words[first : first + _WORDS])
