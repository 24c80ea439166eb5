"""Dates in running text that tell when a practice started, ended and was evaluated."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from crawlers.cues import cue_counts, tells_change
from crawlers.facts.comparisons import compared_in, with_counted
from crawlers.facts.date_words import (
    ACT_AFTER,
    BEGAN,
    CLOSED,
    COUNT,
    ENDED,
    EVALUATED,
    FELL,
    FOR_SO_LONG,
    FORM,
    FROM_FIGURE,
    HAD,
    IN_NAMES,
    JOINT,
    OPENS,
    OTHER,
    PLANNED,
    RAN,
    RAN_SPAN,
    ROSE,
    SINCE,
    STARTED,
    STATE,
    THIS_PAST,
    THROUGH,
    TRIED,
    UNTIL,
    YEAR,
)
from crawlers.facts.found import DateFound, Sentence, passage_of
from crawlers.facts.written_dates import When, whens_in
from crawlers.number_dates import day_first, spelt
from crawlers.stages import heading_of

_HEADING_WORDS = 6
_MOST = 30  # dates of one sentence; more is a table
_NEAR = 100


def dates_in(sentences: list[Sentence]) -> list[DateFound]:
    """When the practice started, ended and was evaluated, and the time before that it is compared
    with: the surest of the first two kinds, and every period of the others."""
    order = day_first(sentence.text for sentence in sentences)
    found = []
    stage = ""
    for sentence in sentences:
        heading = heading_of(sentence.text, alone=len(sentence.text.split()) <= _HEADING_WORDS)
        if heading is not None:
            stage = heading.stages[0] if len(heading.stages) == 1 else ""
        found += [_in_stage(one, stage) for one in _spelt(sentence, order)]
    kept: list[DateFound] = []
    for kind, most in (
        ("started", 1),
        ("ended", 1),
        ("baseline", 2),
        ("evaluated", 3),
        ("counted", 6),
    ):
        best: dict[tuple[str, str], DateFound] = {}
        for one in found:
            key = (one.date, one.until)
            if one.kind == kind and (key not in best or best[key].confidence < one.confidence):
                best[key] = one
        kept += sorted(best.values(), key=lambda one: (-one.confidence, one.start))[:most]
    return _agreeing(kept)


def _in_stage(one: DateFound, stage: str) -> DateFound:
    """How sure a start is under a heading that says what is told there."""
    if one.kind == "started" and stage in ("scanning", "analysis"):
        return replace(one, confidence=round(one.confidence * 0.75, 2))
    if one.kind == "started" and stage == "response":
        return replace(one, confidence=round(min(0.95, one.confidence + 0.1), 2))
    return one


def _spelt(sentence: Sentence, order: bool | None) -> Iterator[DateFound]:
    """The dates of a sentence, those in figures too."""
    read = spelt(sentence.text, day_first=order)
    for one in _of_sentence(Sentence(read.text, sentence.start)):
        start, end = (read.origin(at - sentence.start) for at in (one.start, one.end))
        yield replace(
            one,
            passage=passage_of(sentence.shown),
            start=sentence.start + start,
            end=sentence.start + end,
        )


def _agreeing(found: list[DateFound]) -> list[DateFound]:
    """Without an end that comes before the start; what was counted up to the start is compared
    with, not a result."""
    started = next((one.date for one in found if one.kind == "started"), "")
    found = with_counted(found)
    agreed = []
    for one in found:
        if one.kind == "ended" and one.date[:4] < started[:4]:
            continue
        before = one.kind == "evaluated" and started and one.until < started[: len(one.until)]
        agreed.append(replace(one, kind="baseline") if before else one)
    return agreed


def _of_sentence(sentence: Sentence) -> Iterator[DateFound]:
    text = sentence.text
    whens = _joined(text, list(whens_in(text)))
    if not whens:
        return
    if form := FORM.match(text):
        yield from (_found(sentence, whens[0], kind, 0.85) for kind in _of_form(form, whens[0]))
        return
    # "Safer Communities Fund" tells of no change.
    change = tells_change(IN_NAMES.sub("", text)) or bool(FROM_FIGURE.search(text))
    single = [when for when in whens if not when.until]
    compared = compared_in(text, whens, change=change)
    yield from (_found(sentence, when, kind, sure) for when, kind, sure in compared)
    if compared:
        whens = []
    for when in whens[:_MOST]:
        for kind, sure in _kinds(text, when, change):
            one = kind not in ("evaluated", "counted") or bool(when.until)
            if not one:
                continue
            yield _found(sentence, when, kind, sure)
    if (
        whens
        and change
        and not any(when.until for when in whens)
        and len({w.date for w in single}) == 2
    ):
        first, last = single[0], max(single, key=lambda when: when.date)
        least = min(single, key=lambda when: when.date)
        if _pair_of_figures(text, single) and not _is_rise(text):
            yield _found(
                sentence,
                When(least.date, last.date, first.start, single[-1].end),
                "evaluated",
                0.75,
            )


def _of_form(form: re.Match[str], when: When) -> tuple[str, ...]:
    if form["start"]:
        return ("started",)
    if form["end"]:
        return ("ended",)
    return ("started", "ended") if when.until else ()


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
            and JOINT.fullmatch(text[last.end : when.start])
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
    if OTHER.search(before[-60:]) or ACT_AFTER.match(after):
        return
    if PLANNED.search(before) and not when.until:
        return
    clause = re.split(r"[;:]|,\s(?=and\b|but\b|with\b|whose\b|when\b)", before)[-1]
    behind = re.split(r"[;:]", after)[0]
    near = f"{clause} {behind}"
    evaluated = bool(EVALUATED.search(near))
    if when.until:
        if RAN_SPAN.search(clause):
            yield "started", 0.8
            yield "ended", 0.75
        elif change or evaluated:
            yield "evaluated", 0.8 if evaluated or not _is_rise(text) else 0.45
        elif YEAR.search(text[when.start : when.end]) and not THROUGH.search(near):
            # What was set up in 2022/23 did not end with it.
            if (word := STARTED.search(near)) and not _had(near, word):
                yield "started", 0.6
        elif RAN.search(near) or STARTED.search(near):
            yield "started", 0.8
            yield "ended", 0.75
        elif OPENS.search(text[: when.start]) and (
            _tells_response(text) or (text.startswith("From") and not _is_trouble(text))
        ):
            yield "started", 0.6
            yield "ended", 0.6
        elif COUNT.search(text):
            yield "counted", 0.6
        return
    if THIS_PAST.search(before):
        return
    if UNTIL.search(before) or ENDED.search(clause[-50:]):
        shut = CLOSED.search(clause[-50:]) and not RAN.search(clause)
        if not shut and (RAN.search(clause) or ENDED.search(clause[-50:])):
            yield "ended", 0.75
        return
    if SINCE.search(before) and STATE.search(clause):
        return
    word = STARTED.search(clause) or STARTED.search(behind[:60])
    if word and _had(word.string, word):
        yield "started", 0.45
    elif word and not change:
        yield "started", 0.85 if STARTED.search(clause[-45:]) else 0.7
    elif (change or FOR_SO_LONG.search(clause)) and BEGAN.search(clause) and not _is_rise(text):
        yield "started", 0.75
    elif SINCE.search(before) and not change and not _is_trouble(text):
        first = when.start <= len("From about ")
        yield "started", 0.7 if first else 0.55 if "since" in before[-8:].lower() else 0.45
    elif word and change:
        yield "started", 0.45
    elif OPENS.search(text[: when.start]) and not change:
        if TRIED.search(behind[:60]):
            yield "started", 0.65
        elif _tells_response(text):
            yield "started", 0.5


def _had(text: str, word: re.Match[str]) -> bool:
    """Whether a word of beginning tells of what had been before the rest of the story."""
    return bool(HAD.search(text[: word.start()]))


def _is_rise(text: str) -> bool:
    """Whether a sentence tells only that something grew: what was so before anything was done."""
    return bool(ROSE.search(text)) and not FELL.search(text)


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
