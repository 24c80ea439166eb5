"""Sums of money as running text writes them: with a sign or a word for the currency."""

import re

_CURRENCIES = {
    "£": "GBP",
    "gbp": "GBP",
    "pound": "GBP",
    "pounds": "GBP",
    "pounds sterling": "GBP",
    "€": "EUR",
    "eur": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "$": "USD",
    "us$": "USD",
    "usd": "USD",
    "dollar": "USD",
    "dollars": "USD",
    "a$": "AUD",
    "au$": "AUD",
    "aud": "AUD",
    "c$": "CAD",
    "ca$": "CAD",
    "cad": "CAD",
    "nz$": "NZD",
    "nzd": "NZD",
    "chf": "CHF",
    "sek": "SEK",
    "nok": "NOK",
    "dkk": "DKK",
    "kr": "SEK",
    "kronor": "SEK",
    "zar": "ZAR",
    "inr": "INR",
    "₹": "INR",
    "¥": "JPY",
    "jpy": "JPY",
    "yen": "JPY",
}
_BEFORE = (
    r"(?:US|AU|A|CA|C|NZ)?\$|£|€|₹|¥|\b(?:GBP|EUR|USD|AUD|CAD|NZD|CHF|SEK|NOK|DKK|ZAR|INR|JPY)"
)
_AFTER = r"(?:pounds sterling|pounds?|euros?|dollars?|kronor|yen|GBP|EUR|USD|AUD|CAD|NZD|€)\b"
_DIGITS = r"\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d{1,2})?|\d{1,12}(?:[.,]{1,2}\d{1,3})?"
_TIMES = r"thousand|million|billion|mn|bn|k|m"
_SMALL = r"one|two|three|four|five|six|seven|eight|nine|ten|half a|a quarter of a|a|an|several"
_TO = r"\s?(?:-|\u2013|\u2014|to|and)\s?"
SUM = re.compile(
    rf"(?P<before>{_BEFORE})\s?(?P<low>{_DIGITS})\s?(?P<low_times>(?:{_TIMES})\b)?"
    rf"(?:{_TO}(?:{_BEFORE})?\s?(?P<high>{_DIGITS})\s?(?P<high_times>(?:{_TIMES})\b)?"
    rf"(?![\d%]|\s?(?:per ?cent|%)))?"
    rf"|(?<![\w.,])(?P<low2>{_DIGITS}|(?:{_SMALL}))(?:{_TO}(?P<high2>{_DIGITS}|(?:{_SMALL})))?"
    rf"\s?(?P<times2>(?:{_TIMES})\s)?\s?(?P<after>{_AFTER})",
    re.I,
)
_WORTH = {
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
}
_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
SPEAKS_OF_MONEY = re.compile(rf"\b(?:{_AFTER}|(?:GBP|EUR|USD|AUD|CAD|NZD|CHF|SEK|NOK|DKK)\b)", re.I)


def read_sum(match: re.Match[str]) -> tuple[float, float | None, str] | None:
    """Least, most (None for a single figure) and currency; None for what is no sum."""
    parts = match.groupdict()
    sign = (parts["before"] or parts["after"] or "").lower().strip()
    currency = _CURRENCIES.get(sign)
    low = _number(parts["low"] or parts["low2"] or "")
    high = _number(parts["high"] or parts["high2"] or "")
    times = (parts["times2"] or "").strip().lower()
    low_times = (parts["low_times"] or times).lower()
    high_times = (parts["high_times"] or times).lower()
    if currency is None or low is None:
        return None
    if not times and match["low2"] and not match["low2"][0].isdigit():
        return None  # "weighs a pound"
    if high is not None:
        high *= _WORTH.get(high_times, 1)
    if high is not None and not low_times and high_times and low * 1000 < high:
        low_times = high_times  # "£2-3 million"
    low *= _WORTH.get(low_times, 1)
    if low <= 0 or (high is not None and high <= low):
        high = None
    return (low, high, currency) if low > 0 else None


def _number(text: str) -> float | None:
    plain = re.sub(r"(?<=\d)[, \u00a0\u202f](?=\d{3})", "", text.strip().lower())
    plain = re.sub(r"[.,]+", ".", plain)
    if plain in _NUMBERS:
        return float(_NUMBERS[plain])
    if plain in ("a", "an"):
        return 1.0
    if plain == "half a":
        return 0.5
    if plain == "a quarter of a":
        return 0.25
    try:
        return float(plain)
    except ValueError:
        return None
