"""The stages of a text that has no headings, told apart by what its sentences say."""

import re
from collections.abc import Sequence

from crawlers.cues import cue_counts, likely_stages, sentences_of
from crawlers.furniture import is_greeting
from crawlers.section import Section
from crawlers.stages import STAGES

_LEAST_WORDS = 5
_LEAST_CUE_RATE = 0.005  # cues a word; below that a text tells no such story
_LEAST_CUES = 3
_LEAST_CLEAR = 0.0


def sections_by_meaning(paragraphs: Sequence[str]) -> dict[str, Section]:
    """Sections from what each sentence tells; none when the text tells no such story."""
    sections = {stage: Section() for stage in STAGES}
    told = [
        (sentence, number)
        for number, paragraph in enumerate(paragraphs)
        for sentence in sentences_of(paragraph)
    ]
    sentences = [sentence for sentence, _ in told]
    counts = [cue_counts(sentence) for sentence in sentences]
    words = sum(len(sentence.split()) for sentence in sentences)
    cues = sum(map(sum, counts))
    if cues < _LEAST_CUES or cues < _LEAST_CUE_RATE * words:
        return sections
    path = _clear_path(counts)
    for number, stage in enumerate(STAGES):
        chosen = [index for index, item in enumerate(path) if item == number]
        text = joined_paragraphs([told[index] for index in chosen])
        if len(text.split()) < _LEAST_WORDS:
            continue
        own = sum(counts[index][number] for index in chosen)
        other = max(
            (sum(counts[index][rival] for index in chosen) for rival in _others(number)), default=0
        )
        clear = own / (own + other) if own + other else 0.0
        clearest = max(chosen, key=lambda index: counts[index][number])
        sections[stage] = Section(
            text=text,
            confidence=round(min(0.6, 0.2 + 0.5 * clear * min(1.0, own / 4)), 2),
            found_by="meaning",
            passage=sentences[clearest][:300],
        )
    return sections


_YOURS = re.compile(
    r"(?:Yours\b|Sincerely|Respectfully|Very truly|Kind regards|Best regards)[^.]{0,40}$|"
    r"(?:Regards|Best wishes|(?:Many )?[Tt]hanks(?: (?:all|again))?)[,.! ]*(?:$|[A-Z][^.]{0,40}$)"
)


def letter_in(lines: Sequence[str]) -> tuple[int, int]:
    """Where in a text a letter begins and ends, greeting and close left out; all of it for none."""
    greeting = next((at for at, line in enumerate(lines) if is_greeting(line)), -1)
    if greeting < 0:
        return 0, len(lines)
    closes = (at for at, line in enumerate(lines) if at > greeting and _YOURS.match(line))
    return greeting + 1, next(closes, len(lines))


def _clear_path(counts: Sequence[Sequence[float]]) -> list[int]:
    """The stage of each sentence, among the stages that the text tells clearly enough.

    The beginning of a longer text tells only a stage or two: a stage whose sentences speak as much
    of another one is taken away, the least clear first, and the text is parted anew.
    """
    stages = list(range(len(STAGES)))
    while True:
        path = likely_stages(counts, stages)
        clear = {stage: _clearness(counts, path, stage) for stage in stages}
        unclear = min(stages, key=lambda stage: clear[stage])
        if len(stages) == 1 or clear[unclear] >= _LEAST_CLEAR:
            return path
        stages.remove(unclear)


def _clearness(counts: Sequence[Sequence[float]], path: Sequence[int], stage: int) -> float:
    """How much more the sentences of a stage speak of it than of the stage they speak of next."""
    chosen = [row for row, place in zip(counts, path, strict=True) if place == stage]
    own = sum(row[stage] for row in chosen)
    return own - max(sum(row[other] for row in chosen) for other in _others(stage))


def _others(stage: int) -> list[int]:
    return [item for item in range(len(STAGES)) if item != stage]


def joined_paragraphs(sentences: Sequence[tuple[str, int]]) -> str:
    """Sentences with the numbers of their paragraphs as text, an empty line between paragraphs."""
    text, before = "", None
    for sentence, paragraph in sentences:
        text += (" " if paragraph == before else "\n\n" if text else "") + sentence
        before = paragraph
    return text
