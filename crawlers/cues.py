"""What each sentence of a text tells: words that speak of a problem, its causes, what was done
and what came of it. Our own lists, for texts whose headings do not name the SARA stages."""

import re
from collections.abc import Sequence

from crawlers.stages import STAGES

_CUES = {
    "scanning": r"""
        problems? | complain(?:t|ts|ed|ing)\b | concern(?:s|ed)? | fears? | afraid | nuisance |
        calls?\ for\ service | plagued | suffer(?:ed|s|ing)? | blight(?:ed)? | hot\ ?spot |
        brought\ to\ (?:our|the)\ attention | for\ (?:many\ |several\ )?years | a\ history\ of |
        (?:high|highest|growing|rising|increasing)\ (?:level|number|rate|incidence)s? |
        (?:an?\ |sharp\ |big\ )?(?:rise|increase|surge)\ in | (?:had|was|were)\ identified |
        is\ located | deprived | run-down | unsafe | intimidat(?:ed|ing) | victims?\ of |
        prior\ to | stolen | killed | died | (?:had\ )?doubled | frightened | threaten(?:ed|ing) |
        losing | harass(?:ed|ment) | vandali[sz](?:ed|m) | avoided | worr(?:y|ied|ies) |
        crime\ rates? | (?:first|main|top)\ complaint | broken\ into | disorderly? | outcry |
        residents?\ (?:reported|said|felt|complained) | troubled | notorious |
        epidemic | persistent
    """,
    "analysis": r"""
        analy(?:sis|ses|sed|zed|sts?|sing|zing) | data | survey(?:s|ed)? | interview(?:s|ed)? |
        reveal(?:ed|s) | show(?:ed|s|n)\ that | found\ that | indicat(?:ed|es)\ that | because |
        due\ to | caus(?:e|es|ed|ing)\b | contribut(?:ed|ing|ory)\b | factors? | pattern(?:s)? |
        peak(?:s|ed)?\b | mapp(?:ed|ing) | statistics | examin(?:ed|ation|ing) |
        review(?:ed)?\ of | research(?:ed)? | stud(?:y|ied) | majority\ of | per\ ?cent\ of |
        \d%\ of | mostly | offenders\ (?:were|are) | victims\ (?:were|are) | between\ the\ hours |
        time\ of\ day | records | consult(?:ed|ation) | focus\ groups? | root | determined\ that |
        compared\ (?:the|three|crime) | logged | matched | counted | measured | charted |
        accounted\ for | (?:one|two|three|four|seven|nine)\ in\ (?:\w+) | most\ of\ (?:the|them) |
        on\ average | looked\ at | suggested | spoke\ with | photographs\ of | hypothes[ei]sed |
        turned\ out | reports\ showed | why\b | usual | typical(?:ly)? | tended\ to |
        learn(?:ed|t)\ that | hypothes[ie]s | lack\ of | triangle | repeat
    """,
    "response": r"""
        implement(?:ed|ing|ation)? | introduc(?:ed|ing|tion) | install(?:ed|ing|ation) | set\ up |
        launch(?:ed|ing)? | establish(?:ed|ing) | creat(?:ed|ing) | develop(?:ed|ing) |
        partner(?:s|ed|ship|ships)? | work(?:ed|ing)\ with | patrols? | fund(?:ed|ing) | grants? |
        train(?:ed|ing) | enforce(?:d|ment)? | sessions? | workshops? | organis(?:ed|ing) |
        organiz(?:ed|ing) | agreed | design(?:ed|ing)? | provid(?:ed|ing) | deliver(?:ed|ing|y) |
        visit(?:s|ed|ing) | remov(?:ed|al|ing) | clos(?:ed|ure|ing) | clean(?:ed|-up|ing) |
        injunctions? | orders? | leaflets? | campaign | volunteers? | recruit(?:ed|ing|ment) |
        assigned | adopted | response | strateg(?:y|ies) | scheme | gates | lighting | cctv |
        cameras? | began | started | referr(?:ed|al|als) | mentor(?:s|ing)? |
        officers\ (?:were|began|have) | offer(?:ed|ing|s)? | open(?:ed|ing) | put\ (?:in|up|on) |
        fitted | paid\ for | brought\ in | sent\b | met\b | now\b | taught | talked\ to |
        gave\b | given\b | moved\b | contacted | initiated | join(?:ed|t) | adopt(?:ed|ing) |
        programs? | programmes? | initiative | project\ team | task\ force
    """,
    "assessment": r"""
        reduc(?:ed|tion|tions|ing) | fell\b | fallen | decreas(?:ed|e|es) | declin(?:ed|e) |
        dropp(?:ed)? | drop\ (?:in|of) | evaluat(?:ion|ed|ions|ing) | results? | outcomes? |
        success(?:ful|fully|es)? | compared\ (?:with|to) | since\ (?:the|then|its) |
        displace(?:ment|d) | sustain(?:ed|able|ability) | sav(?:ed|ings?) | fewer |
        improv(?:ed|ement|ements) | satisf(?:ied|action) | effective(?:ness)? | lessons? |
        no\ (?:longer|further|more) | achiev(?:ed|ement|ements) | won\b | award |
        a\ year\ (?:later|after|on) | months?\ (?:later|after) | increased\ by | (?:down|up)\ by |
        \d+(?:\.\d+)?\s?(?:%|per\ ?cent)\ (?:reduction|decrease|drop|fewer|less|fall|decline) |
        statistically | did\ not\ (?:work|reduce|change) | impact | continue(?:s|d)?\ to |
        halved | went\ (?:down|up) | (?:rose|fell)\ (?:from|by|to) | still\b | no\ effect |
        (?:randomi[sz]ed\ )?trial | over\ (?:two|three|four|five|\d+)\ years | were\ better |
        too\ early | is\ not\ known | was\ stopped | turned\ around | down\ (?:by|from) |
        to\ date | follow-up | before\ and\ after
    """,
}
_PATTERNS = {
    stage: re.compile(rf"\b(?:{pattern})(?!\w)", re.I | re.X) for stage, pattern in _CUES.items()
}
_SENTENCE_END = re.compile(
    r"(?<=[.!?])"
    # None ends behind a form of address, a rank or a saint.
    r"(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bSgt\.)(?<!\bCllr\.)(?<!\bSt\.)"
    r"[\"'\u201d\u2019)]*\s+(?=[\"'\u201c(]?[A-Z0-9\u00a3$])"
)
_LONGEST = 2_000  # letters; what is longer is no sentence
_MOST_CUES = 3  # of one stage in one sentence
# Cost of going from one stage to another between two sentences.
_NEXT, _FURTHER, _BACK = 0.5, 3.0, 3.0
# A stage is likeliest where it stands when all four are told at the same length; this is how far
# from there, as a share of the text, it costs half a cue.
_SPREAD = 0.2


def sentences_of(text: str) -> list[str]:
    """The sentences of a paragraph."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


_CHANGE = re.compile(
    r"\b(?:fell|fallen|falling|dropp?(?:ed|s)?|reduc\w+|declin\w+|decreas\w+|rose|risen|increas\w+|"
    r"halved|doubled|went (?:up|down)|down (?:by|from)|up (?:by|from)|fewer|less|improv\w+|"
    r"better|safer|grew|eliminated|ended|saved|saving|no (?:change|effect|longer)|compared with|"
    r"did not (?:change|rise|fall)|level|lower|higher|from \d[\d,.%]* to \d+|not offended|"
    r"cut (?:by|from|to|in)|halving|plummet\w*|disappeared|ceased|trebled|tripled|"
    r"(?:no|none|not one|nobody)\b.{0,40}\bsince|than (?:before|the year before|a year ago)|"
    r"has been killed|still in)\b|\d\s?(?:%|per ?cent)",
    re.I,
)


def tells_change(sentence: str) -> bool:
    """Whether a sentence says that something became more, less or other than before."""
    return bool(_CHANGE.search(sentence))


_FALL = re.compile(
    r"\b(?:fell|fallen|dropp?ed|(?:has|have|was|were|had) reduced|declined|decreased|halved|fewer|"
    r"reduction (?:in|of)|decrease (?:in|of)|drop (?:in|of)|improved|cut (?:by|from)|plummeted|"
    r"(?:down|went) from \d+|down (?:by )?\d+)\b",
    re.I,
)


def tells_fall(sentence: str) -> bool:
    """Whether a sentence says that something has become less, or better."""
    return bool(_FALL.search(sentence))


def cue_counts(sentence: str) -> tuple[float, ...]:
    """For each stage, how many different cues a sentence holds, up to a few."""
    sentence = sentence[:_LONGEST]
    return tuple(
        float(min(_MOST_CUES, len({found.lower() for found in _PATTERNS[stage].findall(sentence)})))
        for stage in STAGES
    )


def likely_stages(
    counts: Sequence[Sequence[float]], stages: Sequence[int] = tuple(range(len(STAGES)))
) -> list[int]:
    """The likeliest stage of each sentence, knowing that texts tell `stages` in their order.

    The best path through all sentences: what their cues and their place in the text say, less a
    cost for each change of stage, higher for going back or leaving one out.
    """
    if not counts:
        return []
    size = len(stages)
    placed = _with_place([[row[stage] for stage in stages] for row in counts])
    best = list(placed[0])
    came_from: list[list[int]] = []
    for row in placed[1:]:
        steps, origins = [], []
        for place in range(size):
            reached = [best[before] - _cost(before, place) for before in range(size)]
            origin = max(range(size), key=lambda item: (reached[item], item == place))
            origins.append(origin)
            steps.append(reached[origin] + row[place])
        best = steps
        came_from.append(origins)
    place = max(range(size), key=lambda item: best[item])
    path = [stages[place]]
    for origins in reversed(came_from):
        place = origins[place]
        path.append(stages[place])
    return path[::-1]


def split_in_order(counts: Sequence[Sequence[float]], stages: Sequence[int]) -> list[int]:
    """The likeliest stage of each sentence of a text that tells just these stages in this order.

    Every stage gets at least one sentence; there must be as many sentences as stages.
    """
    impossible = float("-inf")
    placed = _with_place([[row[stage] for stage in stages] for row in counts])
    best = [placed[0][0]] + [impossible] * (len(stages) - 1)
    stayed: list[list[bool]] = []
    for row in placed[1:]:
        stay = [place == 0 or best[place] >= best[place - 1] for place in range(len(stages))]
        best = [
            (best[place] if stay[place] else best[place - 1]) + row[place]
            for place in range(len(stages))
        ]
        stayed.append(stay)
    place = len(stages) - 1
    path = [stages[place]]
    for stay in reversed(stayed):
        place -= not stay[place]
        path.append(stages[place])
    return path[::-1]


def _with_place(counts: Sequence[Sequence[float]]) -> list[list[float]]:
    """Cue counts, less what it costs a stage to stand far from its usual place."""
    placed = []
    for index, row in enumerate(counts):
        here = (index + 0.5) / len(counts)
        away = [here - (place + 0.5) / len(row) for place in range(len(row))]
        placed.append(
            [count - 0.5 * (far / _SPREAD) ** 2 for count, far in zip(row, away, strict=True)]
        )
    return placed


def _cost(before: int, after: int) -> float:
    if before == after:
        return 0.0
    if after < before:
        return _BACK
    return _NEXT if after == before + 1 else _FURTHER
