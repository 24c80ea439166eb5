"""Who measured what came of a practice: a part of its own, beside those of the partners."""

import re
from collections.abc import Iterator, Sequence

from crawlers.facts.found import EvaluatorFound, OrganisationFound, Sentence, passage_of
from crawlers.facts.joined_places import JOINED_PLACES
from crawlers.facts.name_runs import names_behind
from crawlers.facts.written_names import PERSON

_WORK = (
    r"(?:evaluations?|assessments? of (?:the|its) (?:impact|effects?|results)|impact (?:study|"
    r"assessment)|process study|independent (?:study|review|research|report))"
)
_DONE = (
    r"(?:carried out|undertaken|conducted|led|done|completed|produced|commissioned from|provided|"
    r"prepared|written|made|being done|performed|published)"
)
_BY = re.compile(
    rf"\b(?:evaluated|externally assessed|independently (?:assessed|reviewed|studied))\b"
    rf"(?: \w+){{0,3}}? by |\b{_WORK}\b(?: report)?,? (?:\w+ ){{0,8}}?(?:{_DONE} )?"
    rf"(?<!commissioned )(?<!funded )(?<!requested )(?:by|from) |"
    rf"\b{_WORK}\b[^.;]{{0,80}}?\b(?:carried out|undertaken|conducted|led|completed|done) by |"
    rf"\b(?:commissioned|asked|appointed|hired|engaged) (?=[^.;]{{3,80}}? to (?:\w+ )?evaluate\b)|"
    r"\b(?:evaluators|researchers|academics|an evaluator|a research team|criminologists) "
    r"(?:from|at|of) |^(?:independent |external )?evaluat(?:or|ors|ion team|ed by)\s*[:|]\s*|"
    r"^evaluation\s*[:|]\s*(?=(?:Dr|Prof)\b)",
    re.I,
)
_DOES = re.compile(
    rf"\b(?:evaluate[sd]?|evaluating|{_DONE} (?:the|an|our|its|a) (?:\w+ )?{_WORK}|"
    rf"(?:did|does) (?:the|an|our|a) (?:\w+ )?{_WORK}|was the evaluator|is the evaluator|"
    r"(?:to|will) evaluate|(?:is|are|has been) (?:studying|researching))\b",
    re.I,
)
_ALSO = re.compile(
    r"\b(?:sat|sits) on\b|\balso (?:\w+ )?(?:trained|train|ran|run|runs|helped|took part|"
    r"delivered|provided|gave|led|"
    r"designed the (?:scheme|project|response|training)|worked|sat|coached|mentored|lent|joined)\b",
    re.I,
)
# Sentences in which an evaluator only does and tells what evaluators do.
_MEASURES = re.compile(
    r"\b(?:evaluat\w+|survey\w*|stud(?:y|ied|ies)|research\w*|report\w*|found|finds|analys\w+|"
    r"interview\w*|measur\w+|compared|concluded|findings|questionnaires?|academics?|data from|"
    r"published|professor|lecturer|according to)\b",
    re.I,
)
_ACADEMIC = re.compile(
    r"\b(?:Universit\w+|College|Institut\w*|School of|Research|Academy|Polytechnic)\b"
)
_INDEPENDENT = re.compile(
    r"\b(?:independent(?:ly)?|external(?:ly)?|outside|consult\w+|commission\w+)\b", re.I
)
_INTERNAL = re.compile(
    r"\b(?:evaluated|evaluation (?:\w+ ){0,4}(?:done|carried out|undertaken|conducted|made))"
    r" (?:\w+ )?by (?:the |our )(?:own |project |scheme'?s? ?|local |partnership'?s? |council'?s? |"
    r"force'?s? |police )*(?:team|analysts?|staff|officers?|partnership|co-?ordinators?|"
    r"manager|council|force|police)\b|\b(?:self-evaluat\w+|internal evaluation|evaluated in-house|"
    r"evaluated internally)\b",
    re.I,
)
_TO_COME = re.compile(
    r"\b(?:will|would|could|may|is to|are to|to be|hop(?:e[sd]?|ing)|plan(?:s|ned|ning)?|"
    r"under ?way|asked|is due|being|has begun|is (?:now )?evaluating|not|never)\b",
    re.I,
)
_A_PERSON = re.compile(r"(?:Dr|Prof(?:essor)?|Mr|Mrs|Ms)\b")
# Whoever measured by name, and before the body that they are of: "Dr A. Smith, University of X".
_OF_A_BODY = re.compile(
    rf"\s*[:|]?\s*(?P<title>(?:Dr|Prof(?:essor)?|Mr|Mrs|Ms)\.?\s+)?{PERSON}"
    rf"(?:\s+and\s+(?:Dr\.?\s+|Prof(?:essor)?\.?\s+)?{PERSON.replace('?P<person>', '?:')})?"
    r"(?:(?P<of>,?\s+(?:of|from|at)\s+|\s*\()|,\s+)(?:the\s+)?(?=[A-Z\u00c0-\u00de])"
)
_SUBJECT_AWAY = 60
_MOST = 6


def evaluators_in(
    sentences: Sequence[Sentence], organisations: Sequence[OrganisationFound]
) -> list[EvaluatorFound]:
    """Each body that a text says evaluated the practice, once, the surest first."""
    found: dict[str, EvaluatorFound] = {}
    for sentence in sentences:
        for name, start, end, sure in _of_sentence(sentence.text, organisations):
            key = name.casefold()
            if key in found and found[key].confidence >= sure:
                continue
            part = _took_part(name, sentence, sentences)
            found[key] = EvaluatorFound(
                confidence=sure,
                passage=passage_of(sentence.text),
                start=sentence.start + start,
                end=sentence.start + end,
                name=name,
                kind=_kind(name, sentence.text, own=start == end, took_part=part),
                took_part=part,
                to_come=bool(_TO_COME.search(sentence.text)),
            )
    return sorted(found.values(), key=lambda one: -one.confidence)[:_MOST]


def _of_sentence(
    text: str, organisations: Sequence[OrganisationFound]
) -> Iterator[tuple[str, int, int, float]]:
    """Names with where they stand, and how sure it is that they evaluated."""
    read = JOINED_PLACES.sub(lambda match: re.sub(r"[ ,]", "_", match[0]), text)
    for cue in _BY.finditer(read):
        for _, start, end in names_behind(read, _behind_person(read, cue.end())):
            measured = _whole(text, start, end, organisations)
            if not _A_PERSON.match(measured[0]):
                yield measured
    for cue in _DOES.finditer(read):
        for one in organisations:
            away = _SUBJECT_AWAY + len(one.name)
            at = text.rfind(one.name, max(0, cue.start() - away), cue.start())
            between = text[at + len(one.name) : cue.start()]
            part = re.search(r"['\u2019]s?\s$", text[:at])  # "X University's Department of Y"
            if at >= 0 and not part and not re.search(r"[.;:]|\bby\b|\bwas\b|\bwere\b", between):
                yield one.name, at, at + len(one.name), 0.8
    if own := _INTERNAL.search(text):
        yield "", own.start(), own.start(), 0.7


def _behind_person(text: str, at: int) -> int:
    """Where the body is named that a person is of; the same place where no person stands there."""
    named = _OF_A_BODY.match(text, at)
    if named is None or _ACADEMIC.search(named["person"]):
        return at
    # Two bodies of a list may look like a person and their body: "Cordis Bright, Kent Police".
    told = named["title"] or named["of"] or _ACADEMIC.match(text, named.end())
    return named.end() if told else at


def _whole(
    text: str, start: int, end: int, organisations: Sequence[OrganisationFound]
) -> tuple[str, int, int, float]:
    """A name as the list of organisations has it, where that has one at the same place."""
    for one in organisations:
        at = text.find(one.name, max(0, start - len(one.name)), end + len(one.name))
        if at >= 0 and at < end and start < at + len(one.name):
            return one.name, at, at + len(one.name), 0.9
    return text[start:end], start, end, 0.7


def _kind(name: str, text: str, *, own: bool, took_part: bool) -> str:
    """The code of who it is: those who did the work, a research body, one that took part, or one
    from outside; "" where that is not told."""
    if own:
        return "internal"
    if _ACADEMIC.search(name):
        return "academic"
    if took_part:
        return "partner"
    return "independent" if _INDEPENDENT.search(text) else ""


def _took_part(name: str, told: Sentence, sentences: Sequence[Sentence]) -> bool:
    """Whether a text tells of anything that a body did beside measuring."""
    if not name:
        return False
    if _ALSO.search(told.text):
        return True
    return any(
        name in one.text and not _MEASURES.search(one.text) and len(one.text.split()) >= _A_SENTENCE
        for one in sentences
        if one is not told
    )


_A_SENTENCE = 6  # words; shorter is a letterhead or a list
