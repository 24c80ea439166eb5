"""Minutes of meetings: they tell what was said and is to be done, not what came of anything."""

import re
from collections.abc import Sequence

from crawlers.dates import date_in, in_words
from crawlers.document import Block

_NUMBER = r"\W*(?:\d+(?:\.\d+)*[.)]?\s*)?"
_GROUP = r"(?:meeting|board|panel|partnership|committee|group|forum|council|cabinet|executive)"
_TITLE = re.compile(
    rf"\W*(?:(?:draft|unconfirmed|confirmed|public)\s+)?"
    rf"(?:(?:minutes|notes|record|actions?)\b.{{0,80}}\b{_GROUP}\b|minutes\W*$|.{{3,80}}\bminutes\b"
    rf"(?:\W|$)(?=\W*(?:\d|$|held|of)))",
    re.I,
)
# What stands in minutes beside what was talked about, each of another sort.
_PRESENT = (
    r"(?:members\s+)?(?:present|in\s+attendance|attendees|attending|attendance)\b"
    r"(?:\s*[:|\u2013-]|\s*$|\s+and\s+apologies)"
)
_APOLOGIES = r"(?:welcome\b.{0,30})?apologies\b(?:\s*[:|\u2013-]|\s*$|\s+(?:for|from|were)\b)"
_LAST = (
    r"(?:(?:approval|agreement)\s+of\s+(?:the\s+)?)?minutes\s+of\s+(?:the\s+)?"
    r"(?:last|previous|meeting)\b|.{0,20}\bmatters\s+arising\b|declarations?\s+of\s+interests?\b"
)
_NEXT = r"(?:date\s+(?:and\s+\w+\s+)?of\s+(?:the\s+)?)?next\s+meeting\b"
_AGREED = (
    r".*\bACTIONS?\s*(?::|\u2013|-\s)|\W*RESOLVED\b|.*\bit\s+was\s+(?:agreed|noted|resolved)\b"
)
_CHAIR = r".*(?:\(chair(?:man|person|ing)?\)|\bin\s+the\s+chair\b)"
_SIGNS = tuple(
    re.compile(rf"{_NUMBER}(?:{pattern})", re.I)
    for pattern in (
        *(_PRESENT, _APOLOGIES, _LAST, r"(?:any\s+other\s+business|AOB)\b", _NEXT),
        *(_AGREED, _CHAIR),
    )
)
_HELD = re.compile(
    r"(?=.*\b(?:held|meeting|minutes|date)\b)(?!.*\b(?:last|previous|next)\b)|\W*\d", re.I
)
_ENOUGH, _WITHOUT_TITLE = 1, 3
_FIRST, _DAY = 6, len("2024-03-12")


def minutes_note(blocks: Sequence[Block]) -> str:
    """What to tell whoever hands in minutes of a meeting, and what to do; "" for another text."""
    titled = any(_TITLE.match(block.text) for block in blocks[:_FIRST])
    signs = sum(any(sign.match(block.text) for block in blocks) for sign in _SIGNS)
    if signs < (_ENOUGH if titled else _WITHOUT_TITLE):
        return ""
    held = date_in(block.text for block in blocks[:_FIRST] if _HELD.match(block.text))
    day = f" of {in_words(held)}" if len(held) == _DAY else ""
    return (
        f"This looks like the minutes of a meeting{day}. They tell what was said and is to be "
        "done, not what was done and what came of it, so nothing but the title was taken from "
        "them. Use the project's own report or plan, or paste only the part that tells "
        "what was done."
    )
