"""Sums of money in running text: what was spent, saved or lost, and what for."""

import re
from collections.abc import Iterator, Sequence

from crawlers.facts.cost_tables import SaidAbove, is_row, item_of_row, said_above, with_signs
from crawlers.facts.found import CostFound, Sentence, passage_of
from crawlers.facts.funding import FORM as FUNDING_FORM
from crawlers.facts.sums import SPEAKS_OF_MONEY, SUM, read_sum

# What says which way the money went; the word that stands nearest to the sum decides.
_KINDS = (
    (
        "saved",
        r"""sav(?:ed?|es|ings?)\b | benefits?\b | avoid(?:ed|ing|s)?\b | earned | recovered |
        less\ on\b | income | revenue | returned | generated | worth\ at\ least | cost\ reductions?
        """,
    ),
    (
        "lost",
        r"""loss(?:es)?\b | los(?:t|ing|es?)\b | stolen | theft\ of | damages?\b | bill\b |
        costs?\ (?:it|them|us|him|her|victims?|taxpayers?|society|the\ (?:force|police|city|town|
        county|council|department|nhs|taxpayer|economy|community|company|state|industry)|
        \w+\ police|businesses|residents|retailers|owners|insurers)\b | victims\ (?:some|about) |
        costing\ (?:the\ |its\ |their\ )?\w+\ (?:an\ estimated|about|over|around|some|up\ to)\b |
        fraud(?:s|ulently)? | defrauded
        """,
    ),
    (
        "spent",
        r"""cost(?:s|ing)?\b | spen[dt](?:s|ing)?\b | budget(?:s|ed)?\b | fund(?:s|ed|ing|er)?\b |
        grants?\b | pa(?:y|ys|id|ying)\b | invest(?:ed|ment|ing)?\b | expen(?:se|ses|diture)\b |
        pric(?:e|ed)\b | bought | purchas(?:e|ed|ing) | contribut(?:ed|ion|ions|ing) | fees?\b |
        award(?:ed)?\b | alloca(?:ted|tion) | provided | secured | salar(?:y|ies) | wages |
        donat(?:ed|ion|ions) | financ(?:e|ed|ing) | to\ run\b | to\ operate\b | met\b | lent\b |
        received | of\ it\ from\b |
        at\ a\ cost | running | set-up | leas(?:e|ed)\b | rais(?:ed|ing)\b | hired | gave\b
        """,
    ),
)
_KIND_WORDS = tuple((kind, re.compile(rf"\b(?:{words})", re.I | re.X)) for kind, words in _KINDS)
# Money that is no cost of anybody's: what a thing is sold for, a fine, a share of each pound spent.
_NO_COST = re.compile(
    r"(?:for (?:each|every)|per|each|every)\s*$|\b(?:fines? of|fined|penalt(?:y|ies) of|a|one)\s*$",
    re.I,
)
_NO_COST_AFTER = re.compile(
    r"\s?(?:spent|invested)\b|\s*\b(?:per|an?)\s+(?:hour|head|person|visit)\b|"
    r"[\s-]+(?:notes?|coins?|tokens?|prizes?|fines?|bills?|bets?|tickets?|"
    r"penalt(?:y|ies)|vouchers?|deposit|entry|bail|reward)\b",
    re.I,
)
_RATIO = re.compile(
    r"\b(?:for|of)\s+(?:each|every)\s+(?:£|€|\$)\s?1\b|"
    r"\b(?:each|every) (?:pound|dollar|euro)\b|\breturn of\b",
    re.I,
)
_PRICE_YEAR = re.compile(
    r"(?:\(|\b(?:at|in|using)\s+)(?P<year>(?:19|20)\d\d)(?:[/-]\d{2,4})?\s+(?:prices?|dollars|values?|"
    r"pounds)|\bin\s+(?P<fiscal>(?:19|20)\d\d)/\d{2,4}\b",
    re.I,
)
_RECURRING = re.compile(
    r"^[^.;:\u00a3$\u20ac]{0,40}?\b(?:a year|per year|each year|every year|annual(?:ly)?|yearly|"
    r"per annum|pa\b|a month|per month|monthly|each month)\b",
    re.I,
)
_RECURRING_BEFORE = re.compile(r"\b(?:annual|yearly|running costs?|each year)\b[^.;]{0,50}$", re.I)
_CLAUSE = re.compile(r"[;:]|,\s(?=(?:and|but|which|while|of which|in place)\b)|\s\(")
_ITEM_WORDS = 18
_ROUND = 200  # letters on either side that can say what a sum is
_MOST = 200
_NEAR_WORD = 2
_GIVEN = 0.5  # what somebody gave is spent on what is told elsewhere
_LEAST_BESIDE_RATIO = 100


def costs_in(sentences: list[Sentence]) -> list[CostFound]:
    """Every sum that something cost, saved or lost, in the order of the text, each once."""
    found: dict[tuple[object, ...], CostFound] = {}
    above = said_above(sentences)
    for number, sentence in enumerate(sentences):
        for cost in _without_parts(list(_of_sentence(sentence, above.get(number)))):
            key: tuple[object, ...] = (cost.currency, cost.low, cost.high, cost.kind)
            before = found.get(key)
            if before and is_row(before.passage) and is_row(cost.passage):
                key, before = (*key, cost.item), None  # rows of a table may cost the same
            if before is None or (before.price_year is None and cost.price_year is not None):
                found[key] = cost
            if len(found) >= _MOST:
                return list(found.values())
    return list(found.values())


def _without_parts(costs: list[CostFound]) -> list[CostFound]:
    """The whole of a sentence's costs, where the rest of them are its parts and add up to it."""
    for whole in costs:
        parts = [one for one in costs if one is not whole]
        alike = all((one.currency, one.high) == (whole.currency, None) for one in parts)
        if len(parts) > 1 and alike and abs(sum(one.low for one in parts) - whole.low) < 1:
            return [whole]
    return costs


def without_totals(costs: Sequence[CostFound]) -> list[CostFound]:
    """Costs without what the rows of a table add up to, so that nothing is counted twice."""
    rows = [one for one in costs if is_row(one.passage) and one.high is None]

    def is_total(whole: CostFound) -> bool:
        parts = [one for one in rows if one is not whole and one.currency == whole.currency]
        return len(parts) > 1 and abs(sum(one.low for one in parts) - whole.low) < 1

    return [one for one in costs if not is_total(one)]


def _of_sentence(sentence: Sentence, above: SaidAbove | None) -> Iterator[CostFound]:
    text = with_signs(sentence.text, above.sign) if above else sentence.text
    if not any(mark in text for mark in "£$€₹¥") and not SPEAKS_OF_MONEY.search(text):
        return
    words = [
        (kind, word.start(), word.end())
        for kind, pattern in _KIND_WORDS
        for word in pattern.finditer(text)
    ]
    ratio = bool(_RATIO.search(text))
    for match in SUM.finditer(text):
        read = read_sum(match)
        if read is None:
            continue
        before = text[max(0, match.start() - _ROUND) : match.start()]
        after = text[match.end() : match.end() + _ROUND]
        if _NO_COST.search(before) or _NO_COST_AFTER.match(after):
            continue
        low, high, currency = read
        if low < _LEAST_BESIDE_RATIO and ratio:
            continue  # "for each £1 spent, £2.40 was saved"
        kind, near = _kind(text, match, words)
        year = _price_year(text, match)
        if above and near < _NEAR_WORD:
            kind, near = "spent", 2 if above.in_table else max(near, 1)
        sure = {0: 0.3, 1: 0.6, 2: 0.85}[near]
        if FUNDING_FORM.match(text):
            sure = min(sure, _GIVEN)
        yield CostFound(
            confidence=sure if low >= 100 else round(sure * 0.7, 2),
            passage=passage_of(sentence.text),
            start=sentence.start + match.start(),
            end=sentence.start + min(match.start() + len(match[0].rstrip()), len(sentence.text)),
            kind=kind,
            low=low,
            high=high,
            currency=currency,
            price_year=year,
            recurring=True
            if _RECURRING.search(after[:60]) or _RECURRING_BEFORE.search(before[-80:])
            else None,
            item=item_of_row(sentence.text) if is_row(text) else _item(text, match),
        )


def _kind(text: str, match: re.Match[str], words: list[tuple[str, int, int]]) -> tuple[str, int]:
    """Which way the money went, and how near the word that says so stands: 2 near, 1 far, 0 none.

    Words before the sum count a little more than words after it.
    """
    best: tuple[float, str] | None = None
    for kind, start, end in words:
        # "cost the police £3m" tells of a loss, though "cost" stands there as well.
        away = float(kind == "spent")
        if end <= match.start():
            away += match.start() - end
            apart = ";:"
            between = text[end : match.start()]
        elif start >= match.end():
            away += start - match.end() + 12
            apart = ";:,"
            between = text[match.end() : start]
        else:
            continue
        if best is not None and away >= best[0]:
            continue
        if any(mark in between for mark in apart):
            away += 40
        if best is None or away < best[0]:
            best = (away, kind)
    if best is None:
        return "", 0
    return best[1], 2 if best[0] <= 60 else 1


def _price_year(text: str, match: re.Match[str]) -> int | None:
    """The year whose prices these are, when it is said close behind the sum."""
    found = _PRICE_YEAR.search(text, match.end(), match.end() + 60)
    if found is None or re.search(r"[;,]", text[match.end() : found.start()]):
        return None
    return int(found["year"] or found["fiscal"])


def _item(text: str, match: re.Match[str]) -> str:
    """What the money is for: the clause round the sum, cut to a few words."""
    first = max(0, match.start() - _ROUND)
    starts = [found.end() for found in _CLAUSE.finditer(text, first, match.start())]
    start = starts[-1] if starts else first
    ending = _CLAUSE.search(text, match.end())
    clause = text[start : ending.start() if ending else len(text)].strip(" .,;:()")
    words = clause.split()
    if len(words) <= _ITEM_WORDS:
        return clause
    before = text[start : match.start()].split()
    first = max(0, len(before) - _ITEM_WORDS // 2)
    return " ".join(words[first : first + _ITEM_WORDS])
