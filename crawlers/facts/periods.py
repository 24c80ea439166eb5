"""Dates in running text that tell when a practice started, ended and was evaluated."""

import re
from collections.abc import Iterator
from functools import lru_cache

from crawlers.cues import cue_counts, tells_change
from crawlers.facts.found import DateFound, Sentence, passage_of
from crawlers.facts.written_dates import When, whens_in

_STARTED = re.compile(
    r"""\b(?:start(?:ed|s|ing)?|beg[au]n|begin(?:ning|s)?|launch(?:ed|es|ing)?|introduc(?:ed|tion)|
    set\ up|establish(?:ed|ment)|form(?:ed|ation)|found(?:ed|ing)|open(?:ed|ing|s)|creat(?:ed|ion)|
    implement(?:ed|ation)|develop(?:ed|ment)|initiat(?:ed|ion)|commenc(?:ed|ing|es)|inception|
    came\ into|went\ live|goes\ live|rolled\ out|adopted|passed|took\ on|put\ up|painted|installed|
    fitted|deployed|recruited|appointed|released|in\ place|piloted|trialled|enacted|instituted|
    first\ (?:used|run|held|tried)|running|assigned|partnered|unveiled|kicked\ off)\b""",
    re.I | re.X,
)
_ENDED = re.compile(
    r"""\b(?:end(?:ed|s|ing)?|finish(?:ed|es)?|clos(?:ed|ure|es)|complet(?:ed|ion)|conclud(?:ed|es)|
    came\ to\ an\ end|was\ stopped|stopped|cease[ds]?|discontinued|wound\ (?:up|down)|expired|
    withdrawn|until|till|through|culminat\w+)\b""",
    re.I | re.X,
)
_RAN = re.compile(
    r"""\b(?:r[au]n(?:s|ning)?|last(?:ed|s)|operat(?:ed|es|ing)|took\ place|carried\ out|held|
    active|
    paid|fund(?:ed|s|ing)|deliver(?:ed|s|y)|trial|pilot|project|programme|program|scheme|initiative|
    operation|campaign|teams?|patrols?|phase)\b""",
    re.I | re.X,
)
_EVALUATED = re.compile(
    r"""\b(?:evaluat\w+|assess(?:ed|ment)|stud(?:y|ied)|compar(?:ed|ison|ing)|survey(?:s|ed)?|
    follow-up|before\ and\ after|baseline|reconvict\w+|trial(?:led)?\ by|measur(?:ed|ement))\b""",
    re.I | re.X,
)
# What is dated so is no date of the practice: laws, awards, reports, how long it had been bad.
_OTHER = re.compile(
    r"""\b(?:acts?|regulations|rules|order|convention|census|born|died|killed|elected|awards?|won|
    winners?|nominat\w+|published|report\ of|copyright|prices|dollars|olympics|founded\ in|
    complain\w*|plagued|concerns?|since\ then|increase\ in|worse\w*|problems?\ (?:began|started))
    \b[^.;]{0,40}$""",
    re.I | re.X,
)
_ACT_AFTER = re.compile(
    r"\s*(?:act|regulations|census|olympics|award|survey|prices|report)\b", re.I
)
_SINCE = re.compile(r"\b(?:since|from)\s*$", re.I)
_UNTIL = re.compile(
    r"(?<!years )(?<!year )(?<!months )\b(?:until|till|up to|to|through)\s+(?:the end of\s+)?$",
    re.I,
)
_FROM_TO = re.compile(r"\b(?:between|from|during|in|over|for|against)\s+(?:the\s+)?$", re.I)
_OPENS = re.compile(r"^(?:In|On|During|By)\s+(?:the\s+)?$")
_ROSE = re.compile(
    r"\b(?:rose|risen|doubled|trebled|grew|grown|increas\w+|worse\w*|rising)\b", re.I
)
_FELL = re.compile(
    r"\b(?:fell|fallen|drop\w*|reduc\w+|declin\w+|decreas\w+|fewer|less|halved|down|lower|improv\w+|"
    r"compared|safer|better|attendance|satisf\w+|felt safe|confidence)\b",
    re.I,
)
_FROM_FIGURE = re.compile(r"\bfrom\s+\d[\d,.%]*\s+(?:\w+\s+){0,3}in\b[^.;]{0,20}?\bto\s+\d", re.I)
_JOINT = re.compile(r"\s*(?:and|to|against|until|-|\u2013)\s*(?:in\s+)?", re.I)
_MOST = 30  # dates of one sentence; more is a table
_NEAR = 100
_THIS_PAST = re.compile(r"\b(?:as of|by|before|prior to|in the years? before)\s+(?:the\s+)?$", re.I)


def dates_in(sentences: list[Sentence]) -> list[DateFound]:
    """When the practice started, ended and was evaluated: the surest of the first two kinds, and
    every evaluated period."""
    found = [one for sentence in sentences for one in _of_sentence(sentence)]
    kept: list[DateFound] = []
    for kind, most in (("started", 1), ("ended", 1), ("evaluated", 3)):
        best: dict[tuple[str, str], DateFound] = {}
        for one in found:
            key = (one.date, one.until)
            if one.kind == kind and (key not in best or best[key].confidence < one.confidence):
                best[key] = one
        kept += sorted(best.values(), key=lambda one: (-one.confidence, one.start))[:most]
    return _agreeing(kept)


def _agreeing(found: list[DateFound]) -> list[DateFound]:
    """Without an end that comes before the start."""
    started = next((one.date for one in found if one.kind == "started"), "")
    return [one for one in found if one.kind != "ended" or one.date[:4] >= started[:4]]


def _of_sentence(sentence: Sentence) -> Iterator[DateFound]:
    text = sentence.text
    whens = _joined(text, list(whens_in(text)))
    if not whens:
        return
    change = tells_change(text) or bool(_FROM_FIGURE.search(text))
    single = [when for when in whens if not when.until]
    for when in whens[:_MOST]:
        for kind, sure in _kinds(text, when, change):
            one = kind != "evaluated" or bool(when.until)
            if not one:
                continue
            yield _found(sentence, when, kind, sure)
    if change and not any(when.until for when in whens) and len({w.date for w in single}) == 2:
        first, last = single[0], max(single, key=lambda when: when.date)
        least = min(single, key=lambda when: when.date)
        if _pair_of_figures(text, single) and not _is_rise(text):
            yield _found(
                sentence,
                When(least.date, last.date, first.start, single[-1].end),
                "evaluated",
                0.75,
            )


def _joined(text: str, whens: list[When]) -> list[When]:
    """Two periods told together as one: "between 2004-05 and 2008-09"."""
    whens = sorted(whens, key=lambda when: when.start)
    joined: list[When] = []
    for when in whens:
        last = joined[-1] if joined else None
        if (
            last is not None
            and last.until
            and when.until
            and last.date < when.date
            and _JOINT.fullmatch(text[last.end : when.start])
        ):
            joined[-1] = When(last.date, when.until, last.start, when.end)
        else:
            joined.append(when)
    return joined


def _pair_of_figures(text: str, whens: list[When]) -> bool:
    """Whether each of two dates stands beside a figure of its own: "from 90 in 2003 to 52 in"."""
    stripped = text
    for when in reversed(whens):
        stripped = stripped[: when.start] + stripped[when.end :]
    return bool(re.search(r"\d|\b(?:by half|halved|doubled|dropped|fell|rose)\b", stripped))


def _found(sentence: Sentence, when: When, kind: str, sure: float) -> DateFound:
    date, until = when.date, when.until
    if kind == "started":
        until = ""
    elif kind == "ended":
        date, until = until or date, ""
    return DateFound(
        confidence=sure,
        passage=passage_of(sentence.text),
        start=sentence.start + when.start,
        end=sentence.start + when.end,
        kind=kind,
        date=date,
        until=until,
    )


def _kinds(text: str, when: When, change: bool) -> Iterator[tuple[str, float]]:
    """What a date tells, from the words round it."""
    before = text[max(0, when.start - _NEAR) : when.start]
    after = text[when.end : when.end + _NEAR]
    if _OTHER.search(before[-60:]) or _ACT_AFTER.match(after):
        return
    clause = re.split(r"[;:]|,\s(?=and\b|but\b|with\b|whose\b|when\b)", before)[-1]
    behind = re.split(r"[;:]", after)[0]
    near = f"{clause} {behind}"
    evaluated = bool(_EVALUATED.search(near))
    if when.until:
        if change or evaluated:
            yield "evaluated", 0.8 if evaluated or not _is_rise(text) else 0.45
        elif _RAN.search(near) or _STARTED.search(near):
            yield "started", 0.8
            yield "ended", 0.75
        return
    if _THIS_PAST.search(before):
        return
    if _UNTIL.search(before) or _ENDED.search(clause[-50:]):
        if _RAN.search(clause) or _ENDED.search(clause[-50:]):
            yield "ended", 0.75
        return
    word = _STARTED.search(clause) or _STARTED.search(behind[:60])
    if word and not change:
        yield "started", 0.85 if _STARTED.search(clause[-45:]) else 0.7
    elif _SINCE.search(before) and not change and not _is_trouble(text):
        first = when.start <= len("From about ")
        yield "started", 0.7 if first else 0.55 if "since" in before[-8:].lower() else 0.45
    elif word and change:
        yield "started", 0.45
    elif _OPENS.search(text[: when.start]) and not change and _tells_response(text):
        yield "started", 0.5


def _is_rise(text: str) -> bool:
    """Whether a sentence tells only that something grew: what was so before anything was done."""
    return bool(_ROSE.search(text)) and not _FELL.search(text)


@lru_cache(maxsize=64)
def _cues(text: str) -> tuple[float, ...]:
    return cue_counts(text)


def _is_trouble(text: str) -> bool:
    """Whether a sentence tells of a problem rather than of what was done."""
    scanning, analysis, response, _ = _cues(text)
    return max(scanning, analysis) > response


def _tells_response(text: str) -> bool:
    """Whether a sentence tells most of all of what was done."""
    scanning, analysis, response, _ = _cues(text)
    return response > max(scanning, analysis)
