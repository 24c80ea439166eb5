"""Which of the organisations that a text names took part, by what it tells of each: not who only
paid, was written to, was quoted, treated the hurt or stands in a letterhead."""

import re
from collections.abc import Sequence
from dataclasses import replace

from crawlers.facts.found import (
    EvaluatorFound,
    FundingFound,
    OrganisationFound,
    Sentence,
    passage_of,
)

# A line of a form, and a heading, behind which stands who took part.
_PART = (
    r"(?:partner\w*|agenc(?:y|ies)|organi[sz]ations?|force|council|lead|led by|leads?|delivered by|"
    r"who(?! paid| funded)|"
    r"run by|team|involved|department|employer|members|steering group|worked with|stakeholders)"
)
_FORM = re.compile(rf"[^:|.]{{0,40}}\b{_PART}\b[^:|.]{{0,30}}[:|]", re.I)
_HEADING = re.compile(rf"\b{_PART}\b|\bwho (?:was|were|took|did|helped|worked|we)\b", re.I)
_LINE_WORDS = 12  # more words than a line of a letterhead has
_HEADING_WORDS = 8
_PLAIN_WORDS = 2  # words without a capital that a line without a verb has at most
_FIGURE_CELL = re.compile(r"(?:^|\|)\s*[\u00a3$\u20ac]?\s?\d[\d,.]*(?:k|m)?\s*(?:\||$)")

# Sentences that tell how to reach a body, or what its letters must say.
_OF_A_LETTER = re.compile(
    r"""@ | \u00a9 | \b0\d{2,4}[\s)]\s?\d{3} | \b(?:registered |
    charity\ n\w* | company\ n\w* | all\ rights | copyright | printed\ (?:by|on) |
    (?:more|further)\ (?:information|details) | enquiries | e-?mail | telephone | please\ contact |
    contact: | yours\ \w+ly | insured\ (?:by|with))\b""",
    re.I | re.X,
)
_HOSPITAL = re.compile(r"\b(?:Hospitals?|Infirmary|Medical Cent(?:re|er)|A&E)\b")
_HURT = re.compile(
    r"""\b(?:treat(?:ed|ing|s|ment)? | admi(?:tted|ssions?) | taken\ to | rushed | injur\w+ |
    attend(?:ed|ances?) | patients? | stitches | surgery | died | casualty)\b""",
    re.I | re.X,
)
_HELPED = re.compile(
    r"""\b(?:shar(?:ed?|ing) | data | nurses? | staff | joined |
    work(?:ed|ing|s)?\ (?:with|together|alongside) | partner\w* | gave | lent | met | trained |
    referr\w+ | hosted | participated |
    took\ part | set\ up | ran)\b""",
    re.I | re.X,
)
_TREATED_AT = re.compile(r"\b(?:treated|admitted|taken|rushed|stitched)\b[^.;]{0,40}$", re.I)
_AT = re.compile(r"\b(?:at|in|to|into|near) (?:the )?$")
_INSURER = re.compile(r"\b(?:Insurance|Insurers?|Assurance|Mutual|Municipal|Underwriters)\b")
_INSURED = re.compile(
    r"\b(?:insur\w+|claims?|premiums?|paid out|cover(?:ed)?|polic(?:y|ies))\b", re.I
)
# What is told behind the name of who only spoke, or would not take part.
_SPOKE_AFTER = re.compile(
    r"""(?:['\u2019]s?\ [a-z\ ]{3,40})?(?:\ \([^()]*\))?,?\ (?:has\ |have\ |also\ )?(?:said|says|
    told|stated|commented|described|describes|called|calls|warned|warns|believes?|argue[sd]?|recommend\w*|
    advise[sd]?|define[sd]?|welcomed|praised|criticised|noted|notes|estimates?|reckons?|thanked|
    congratulated|acknowledged?)\b|\ (?:students|pupils|patients)\b|
    ['\u2019]s?\ (?:[\w'\u2019]+\ ){0,4}?(?:strategy|policy|guidance|guide|code|toolkit|report|
    survey|figures|statistics|website|definition)\b""",
    re.X,
)
_REFUSED_AFTER = re.compile(
    r"\ (?:\w+\ ){0,2}?(?:declined|refused|did\ not|would\ not|was\ not|were\ not|could\ not|"
    r"had\ no|withdrew|never|decided\ not|showed\ no)\b"
)
_OF_ANOTHER = re.compile(r"\w['\u2019]s?\s$")  # "Durham University's Department of Sociology"
# What stands before the name of who only spoke, was written to, or is told as a place.
_ONLY_BEFORE = re.compile(
    r"""\b(?i:according\ to | quot(?:ed|ing|es)(?:\ (?:by|in))? | guidance\ (?:from|by|of) |
    reports?\ (?:by|from|of|in) | (?:figures|statistics|research|advice|evidence)\ (?:from|by|of) |
    stud(?:y|ies)\ (?:by|from) | published\ by | (?:recommended|praised|commended|inspected|
    criticised|endorsed|reported|quoted|approved|certified|accredited)\ (?:by|in) | said | lobbied |
    (?:wrote|written|write|writing|complain\w*|appeal\w*|appl(?:ied|y|ying|ications?)|bids?|
    petition\w*|letters?|objected)(?:\ \w+){0,4}?\ to | (?:outside|near|opposite|behind|next\ to|
    close\ to|front\ of) | (?:pupils|students|children|patients|graduates)\ (?:at|of|from))
    \ (?:the\ |both\ )?(?:[A-Z][\w'\u2019]+\ (?:[A-Z][\w'\u2019]+\ )*and\ (?:the\ )?)?$""",
    re.X,
)


def taking_part(
    organisations: Sequence[OrganisationFound],
    sentences: Sequence[Sentence],
    funding: Sequence[FundingFound],
    evaluators: Sequence[EvaluatorFound],
) -> list[OrganisationFound]:
    """The organisations, each with whether anything that is told of it is a part that it played."""
    headings = _headings(sentences, organisations)
    measured = [one for one in evaluators if one.name and not one.took_part]
    others = [(one.passage, one.name) for one in funding]
    others += [(one.passage, one.name) for one in measured]
    return [
        replace(one, took_part=_took_part(one.name, sentences, headings, others))
        for one in organisations
    ]


def _took_part(
    name: str,
    sentences: Sequence[Sentence],
    headings: Sequence[str],
    others: Sequence[tuple[str, str]],
) -> bool:
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.I)
    named = False
    for sentence, heading in zip(sentences, headings, strict=True):
        for match in pattern.finditer(sentence.text):
            named = True
            passage = passage_of(sentence.text)
            only = any(
                passage == told and (name in other or other in name)
                for told, other in others
                if other
            )
            if not only and _is_a_part(sentence.text, match.start(), match.end(), heading):
                return True
    return not named  # it stands there in other letters


def _is_a_part(text: str, start: int, end: int, heading: str) -> bool:
    """Whether a mention tells of a part that a body played, or may."""
    name, before, after = text[start:end], text[:start], text[end:]
    if _FORM.match(before):
        return True
    if _is_line(text, name):
        return bool(_HEADING.search(heading)) or (" | " in text and not _FIGURE_CELL.search(text))
    if _FIGURE_CELL.search(text) and " | " in text:
        return False
    if _OF_A_LETTER.search(text) or _SPOKE_AFTER.match(after) or _REFUSED_AFTER.match(after):
        return False
    if _ONLY_BEFORE.search(before) or _OF_ANOTHER.search(before):
        return False
    if _HOSPITAL.search(name) and not _HELPED.search(after):
        return not (_HURT.search(after) or _TREATED_AT.search(before) or _AT.search(before))
    return not (_INSURER.search(name) and _INSURED.search(before + after))


def _is_line(text: str, name: str) -> bool:
    """Whether a text is no sentence: a line of a letterhead, a signature, a list or a heading."""
    plain = re.findall(r"(?<![\w'\u2019])[a-z]{3,}", text.replace(name, ""))
    linked = [word for word in plain if word not in ("the", "and", "for")]
    return (
        len(text.split()) <= _LINE_WORDS and len(linked) <= _PLAIN_WORDS and text[-1:] not in ".!?"
    )


def _headings(
    sentences: Sequence[Sentence], organisations: Sequence[OrganisationFound]
) -> list[str]:
    """For each sentence, the short line above it that names no organisation."""
    heading = ""
    headings = []
    for sentence in sentences:
        text = sentence.text
        short = len(text.split()) <= _HEADING_WORDS and text[-1:] not in ".!?;,"
        if short and " | " not in text and not any(one.name in text for one in organisations):
            heading = text
        headings.append(heading)
    return headings
