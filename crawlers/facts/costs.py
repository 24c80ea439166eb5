"""Sums of money in running text: what was spent, saved or lost, and what for."""

import re
from collections.abc import Iterator, Sequence

from crawlers.facts.cost_items import item_of
from crawlers.facts.cost_tables import SaidAbove, is_row, is_total, item_of_row, said_above
from crawlers.facts.found import CostFound, Sentence, passage_of
from crawlers.facts.funding import FORM as FUNDING_FORM
from crawlers.facts.money_kinds import kind_of, kind_words
from crawlers.facts.sums import SPEAKS_OF_MONEY, SUM, read_sum

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
    r"per annum|pa\b)\b",
    re.I,
)
# What comes again more often is not what it cost in a year.
_OFTEN = re.compile(
    r"\s*(?:(?:a|per|each|every) (?:month|week|day|night|shift)|monthly|weekly|daily)\b", re.I
)
_RECURRING_BEFORE = re.compile(r"\b(?:annual|yearly|running costs?|each year)\b[^.;]{0,50}$", re.I)
_FOR_EACH = re.compile(r"\s*per (?!year|annum|cent)[a-z-]+", re.I)
_AVERAGE = re.compile(r"\baverage (?:\w+ )?(?:of|was) (?:about )?$", re.I)
_SIGNS = re.compile(r"[\u00a3$\u20ac\u20b9\u00a5]|\b[A-Z]{3}\b")
_TOTAL_AFTER = re.compile(r"\b(?:total|in all|altogether)\b", re.I)
# What one of several costs: "6 @ £1,450", "two advocates at £27,500", "£85 each".
_MANY_BEFORE = re.compile(
    r"\b(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|\w+ty)\s*(?:[@x\u00d7*]|"
    r"(?:[\w'\u2019-]+ ){0,4}(?:at|for|@) (?:about |around )?)\s*$",
    re.I,
)
_TIMES_BEFORE = re.compile(r"(?<![a-z])[@x\u00d7*]\s*$", re.I)
_EACH_AFTER = re.compile(
    r"\s*(?:each(?! (?:year|month|week))|apiece|a piece|a head|p\.?p\.?|ea\.?)\b|"
    r"\s*[x\u00d7*]\s*\d",
    re.I,
)
_OF_A_COST = re.compile(
    r"\b(?:of (?:which|it|this|that)|includ(?:ing|ed|es)|made up of|compris\w+),?\s"
    r"(?:[^.;:]{0,60}?[\u00a3$\u20ac][\d,.]+[^.;:]{0,60}?\band )?(?:\w+ ){0,4}$",
    re.I,
)
_OF_IT = re.compile(r"\s(?:of (?:it|this|that|which)|towards? (?:it|this|the costs?))\b", re.I)
_ROUND = 200  # letters on either side that can say what a sum is
_MOST = 200
_NEAR_WORD = 2
_PART = 0.5  # what of a cost somebody gave, or went on one thing, is spent on what is told before
_LEAST_BESIDE_RATIO = 100
_SURE = {0: 0.3, 1: 0.6, 2: 0.85}


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
    return next(([whole] for whole in costs if _adds_up(whole, costs)), costs)


def without_totals(costs: Sequence[CostFound]) -> list[CostFound]:
    """Costs of which none stands beside its parts, so that nothing is counted twice.

    The parts are kept where they add up to the whole; else some were not read, and it is.
    """
    totals = [one for one in costs if is_total(one.passage)]
    rows = [one for one in costs if is_row(one.passage) and one not in totals]
    if len(totals) == 1 and rows and not _adds_up(totals[0], rows):
        return [one for one in costs if one not in rows]
    parts = [one for one in costs if not (rows and one in totals)]
    return [one for one in parts if not _adds_up(one, rows) and not _adds_up(one, parts)]


def _adds_up(whole: CostFound, among: Sequence[CostFound]) -> bool:
    """Whether a cost is what the others come to."""
    parts = [one for one in among if one.low != whole.low]
    alike = all((one.currency, one.high) == (whole.currency, None) for one in parts)
    return len(parts) > 1 and alike and abs(sum(one.low for one in parts) - whole.low) < 1


def _of_sentence(sentence: Sentence, above: SaidAbove | None) -> Iterator[CostFound]:
    if above and above.in_table:
        yield from _of_row(sentence, above)
        return
    text = sentence.text
    if not any(mark in text for mark in "£$€₹¥") and not SPEAKS_OF_MONEY.search(text):
        return
    if FUNDING_FORM.match(text):
        return  # what was given is spent on what is told elsewhere
    words = kind_words(text)
    wholes: list[tuple[int, str]] = []
    ratio = bool(_RATIO.search(text))
    for match in SUM.finditer(text):
        read = read_sum(match)
        if read is None:
            continue
        before = text[max(0, match.start() - _ROUND) : match.start()]
        after = text[match.end() : match.end() + _ROUND]
        if _NO_COST.search(before) or _NO_COST_AFTER.match(after) or _is_unit(before, after):
            continue
        low, high, currency = read
        if low < _LEAST_BESIDE_RATIO and ratio:
            continue  # "for each £1 spent, £2.40 was saved"
        kind, near = kind_of(text, match.start(), match.end(), words)
        if above and near < _NEAR_WORD:
            kind, near = above.kind, max(near, 1)
        sure = _SURE[near]
        if kind in ("given", "spent") and wholes and _is_part(before, after):
            kind, sure = "spent", _PART
        if wholes or SUM.search(text, match.end()):
            sure = min(sure, _PART) if _FOR_EACH.match(after) else sure  # "£412 per client"
        if kind in ("given", "asked") or _in_brackets(text, match.start(), wholes, currency):
            continue
        wholes.append((match.end(), currency))
        yield CostFound(
            confidence=sure if low >= 100 else round(sure * 0.7, 2),
            passage=passage_of(text),
            start=sentence.start + match.start(),
            end=sentence.start + min(match.start() + len(match[0].rstrip()), len(text)),
            kind=kind,
            low=low,
            high=high,
            currency=currency,
            price_year=_price_year(text, match),
            recurring=_recurring(before, after),
            item=_item(text, match),
        )


def _of_row(sentence: Sentence, above: SaidAbove) -> Iterator[CostFound]:
    """What the row of a table of costs tells; nothing where it tells of a grant or an income."""
    figure = above.figure
    match = SUM.match(figure.written) if figure else None
    read = read_sum(match) if match else None
    if figure is None or read is None:
        return
    text, item = sentence.text, item_of_row(sentence.text)
    told, _ = kind_of(item, len(item), len(item), kind_words(item))
    if told in ("given", "asked"):
        return
    low, high, currency = read
    yield CostFound(
        confidence=_SURE[_NEAR_WORD] if low >= 100 else round(_SURE[_NEAR_WORD] * 0.7, 2),
        passage=passage_of(text),
        start=sentence.start + figure.start,
        end=sentence.start + figure.end,
        kind=told if told in ("saved", "lost", "hoped") else above.kind,
        low=low,
        high=high,
        currency=currency,
        price_year=None,
        recurring=_recurring(text[: figure.start], text[figure.end :]),
        item=item,
    )


def _item(text: str, match: re.Match[str]) -> str:
    """What a sum was for, with how often it was paid where that is not once or each year."""
    item = item_of_row(text) if is_row(text) else item_of(text, match)
    often = _OFTEN.match(text, match.end()) or _FOR_EACH.match(text, match.end())
    return f"{item} ({often[0].strip()})" if often and often[0].strip() not in item else item


def _is_unit(before: str, after: str) -> bool:
    """Whether a sum is what one of several costs, of which only the whole was spent."""
    if _TIMES_BEFORE.search(before) or _EACH_AFTER.match(after):
        return True
    if _AVERAGE.search(before) and _TOTAL_AFTER.search(after):
        return True
    return bool(_MANY_BEFORE.search(before)) and not re.search(r"[.;:]\s*$", before)


def _is_part(before: str, after: str) -> bool:
    """Whether a sum is told as part of one that stands before it: "of which £900 was a grant"."""
    told = _OF_A_COST.search(before)
    return bool(told and _SIGNS.search(before, 0, told.start())) or bool(_OF_IT.match(after))


def _in_brackets(text: str, start: int, wholes: Sequence[tuple[int, str]], currency: str) -> bool:
    """Whether a sum stands in brackets behind one of its currency, of which it is a part."""
    opened = text.rfind("(", 0, start)
    before = [other for end, other in wholes if end <= opened]
    return opened > text.rfind(")", 0, start) and before[-1:] == [currency]


def _recurring(before: str, after: str) -> bool | None:
    """True where the words beside a sum say that it comes again each year; None where not."""
    if _OFTEN.match(after):
        return None
    told = _RECURRING.search(after[:60]) or _RECURRING_BEFORE.search(before[-80:])
    return True if told else None


def _price_year(text: str, match: re.Match[str]) -> int | None:
    """The year whose prices these are, when it is said close behind the sum."""
    found = _PRICE_YEAR.search(text, match.end(), match.end() + 60)
    if found is None or re.search(r"[;,]", text[match.end() : found.start()]):
        return None
    return int(found["year"] or found["fiscal"])
