"""Terms that no word names: level of intervention, stage of practice, and how far an entry got.

Each rule says which words of the text led to it, so that a person can judge it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from crawlers.cues import tells_change
from crawlers.tag import Tag
from crawlers.tag_evidence import Evidence
from kb.vocabularies import vocabulary

_AWARD = r"(?:awards?|prizes?|goldstein|tilley)"
_NAMED = rf"(?:\W+[\w']+){{0,8}}?\W+{_AWARD}"
_ENTERED = (
    rf"(?:nominat\w+|submi\w+|entered|entry|consideration|applications?)\b{_NAMED}",
    rf"{_AWARD}(?:\W+[\w']+){{0,7}}?\W+(?:submission|nominati\w+|application|entry)\b",
    rf"{_AWARD}(?:\W+[\w']+){{0,4}}?\W+(?:selection committee|judges|judging panel)\b",
)
_LEVELS = tuple(
    (code, sure, re.compile(rf"\b(?:{pattern})", re.I))
    for code, sure, pattern in (
        (
            "winner",
            0.9,
            rf"(?:won|winners? of|awarded|received){_NAMED}|{_AWARD}\W+winn(?:er|ing)\b",
        ),
        ("finalist", 0.9, rf"finalists?\b{_NAMED}|{_AWARD}\W+finalists?\b|finalist project\b"),
        ("commended", 0.9, rf"(?:highly )?commend(?:ed|ation){_NAMED}"),
        ("honourable-mention", 0.9, r"honou?rable mention\b"),
        ("shortlist", 0.85, rf"short-?listed{_NAMED}"),
        ("not-stated", 0.9, "|".join(_ENTERED)),
    )
)
_STAGES = tuple(
    (code, sure, re.compile(rf"\b(?:{pattern})", re.I | re.X))
    for code, sure, pattern in (
        ("systematic-review", 0.95, r"systematic\ review | meta-?analys[ie]s"),
        (
            "replicated",
            0.85,
            r"""(?<!be\ )replicated\ (?:in|by|across)\b | copied\ in\ \w+\ other\b |
            (?:several|five|four|three)\ replications?\b | replications\ in\b""",
        ),
        (
            "evaluated-independently",
            0.85,
            r"""independent(?:ly)?\W+(?:\w+\W+)?(?:evaluat|research|stud|review)\w* |
            randomi[sz]ed\b | quasi-experiment | controlled\ trial\b | comparison\ group\ of\b |
            university\W+(?:has\W+)?(?:evaluat|stud)\w+ | published\ by\ the\ university\b |
            evaluated\ by\ (?:the\ |a\ )?(?:university|research|academic)""",
        ),
        (
            "being-tried",
            0.8,
            r"""too\ early\ to\b | (?:is|as)\ a\ pilot\b | pilot\ (?:project|scheme|phase)\b |
            not\ yet\ been\ evaluated | evaluation\ is\ planned |
            (?:assessment|evaluation)\ is\ (?:still\ )?(?:ongoing|under\ way)""",
        ),
        (
            "idea",
            0.8,
            r"""we\ would\ like\ to\b | nothing\ has\ been\ started | have\ not\ yet\ started |
            proposal\ for\b | is\ proposed\b""",
        ),
    )
)
_TO_COME = re.compile(r"\b(?:under ?way|planned|will be|is to be|has begun)\b", re.I)
_FIGURE = re.compile(
    r"\d|\b(?:half|halved|thirds?|quarter|fifth|doubled|per ?cent|two|three|four|five|six|seven|"
    r"eight|nine|ten|no (?:change|effect|longer)|did not change|nearly eliminated|substantial\w*|"
    r"dramatic\w*|significant\w*|marked)\b",
    re.I,
)
# A figure of what became less, wherever the text has come to its results.
_FELL = re.compile(
    r"\b(?:fell|fallen|dropp?ed|decreased|declined|reduced|down)\b(?:\W+[a-z]+){0,3}?\W+(?:by|from)"
    r"\W+(?:[a-z]+\W+){0,2}?\d",
    re.I,
)
_NOT_MEASURED = re.compile(
    r"\bno (?:\w+ )?(?:evaluation|assessment) (?:was|has been|were|took)\b|"
    r"\b(?:not|never) (?:been )?(?:\w+ )?evaluated\b|\bnobody (?:checked|measured|evaluated)\b",
    re.I,
)
_BEGINNING = 0.4  # of a text, in which a fall is of what was before
_ENOUGH_PARTNERS = 3
_LEAST_WEIGHT = 0.4
_MOST_WORDS = 5  # that are named as what led to a level
_OF_LEVEL = {
    "high-risk": """
        marac focused-deterrence offender-management resettlement-support perpetrator-programme
        safe-accommodation outreach-sex-work outreach-homeless electronic-monitoring co-response
        advocacy safety-planning closure-order problem-solving-court violence-interruption treatment
        housing-support case-conference
    """,
    "early-resolution": """
        diversion mentoring acceptable-behaviour-contract family-intervention restorative-justice
        out-of-court-disposal mediation youth-work education-course education-employment
        reporting-routes
    """,
    "prevention": """
        lighting prevention-advice school-lessons campaign alley-gates harden-targets
        community-watch identify-property cpted natural-surveillance cctv control-access
        set-rules post-instructions
        greening asset-based community-events facilities traffic-calming
    """,
    "partnership-problem-solving": """
        multi-agency-working data-hub place-managers policy-change nuisance-abatement
        landlord-scheme public-spaces-protection-order licensing business-partnership
        problem-oriented-policing
        regeneration traffic-enforcement
    """,
}
_LEVEL_OF = {code: level for level, codes in _OF_LEVEL.items() for code in codes.split()}


def award_levels(texts: Iterable[str]) -> list[Tag]:
    """How far the practice got in an award, where a sentence says so."""
    best: dict[str, Tag] = {}
    for text in texts:
        for code, sure, pattern in _LEVELS:
            if code not in best and (match := pattern.search(text)):
                best[code] = _tag("awards", code, sure, match[0])
    if len(best) > 1:
        best.pop("not-stated", None)  # who won was entered
    return sorted(best.values(), key=lambda tag: -tag.confidence)


def practice_stages(texts: Sequence[str], *, told: str) -> list[Tag]:
    """How far the practice has been tested; `told` is what the text says of its results."""
    for code, sure, pattern in _STAGES:
        for text in texts:
            match = pattern.search(text)
            if match is None or (code == "idea" and told):
                continue
            unsaid = _TO_COME.search(text) or _NOT_MEASURED.search(text)
            if code != "evaluated-independently" or not unsaid:
                return [_tag("stages", code, sure, match[0])]
    measured = _measured(texts, told)
    if measured is None:
        return []
    # Who says that nothing was evaluated must not find it ticked, whatever figures there are.
    denied = next((text for text in texts if _NOT_MEASURED.search(text)), None)
    sure, because = (0.8, measured) if denied is None else (0.5, denied)
    return [_tag("stages", "evaluated-locally", sure, because[:120])]


def _measured(texts: Sequence[str], told: str) -> str | None:
    """What tells that somebody measured what came of it."""
    for sentence in re.split(r"(?<=[.!?])\s+", told):
        if tells_change(sentence) and _FIGURE.search(sentence):
            return sentence
    late = texts[int(_BEGINNING * len(texts)) :]
    return next((text for text in late if _FELL.search(text)), None)


def intervention_levels(
    responses: Mapping[str, Evidence], partners: Sequence[str]
) -> dict[str, tuple[float, str]]:
    """How sure each level of intervention is, and the words of the text that led to it.

    Each of `responses` speaks for the level that it mostly serves; many kinds of partner, each told
    by the words of `partners`, speak for solving problems together.
    """
    weights: dict[str, float] = dict.fromkeys(_OF_LEVEL, 0.0)
    because: dict[str, list[str]] = {level: [] for level in _OF_LEVEL}
    for code, one in responses.items():
        level = _LEVEL_OF.get(code)
        if level:
            weights[level] += one.confidence
            because[level].append(one.because)
    if len(partners) >= _ENOUGH_PARTNERS:
        level = "partnership-problem-solving"
        weights[level] += 0.6
        because[level] += partners
    total = sum(weights.values())
    return {
        level: (
            min(0.9, weight / total) * min(1.0, 0.5 + weight / 3),
            ", ".join(list(dict.fromkeys(because[level]))[:_MOST_WORDS]),
        )
        for level, weight in weights.items()
        if weight > _LEAST_WEIGHT
    }


def _tag(field: str, code: str, confidence: float, because: str) -> Tag:
    vocabulary_id = {"awards": "award_levels"}.get(field, field)
    return Tag(field, code, vocabulary(vocabulary_id).label(code), confidence, because)
