"""Who paid for a practice, and out of which fund."""

import re
from collections.abc import Iterator

from crawlers.facts.found import FundingFound, Sentence, passage_of
from crawlers.facts.joined_places import JOINED_PLACES
from crawlers.facts.name_runs import NAME_RUN, names_behind

_PAID = (
    r"(?:co-|part-|match-|jointly )?(?:funded|financed|sponsored|bankrolled|resourced|paid\ for)"
)
_MONEY = r"(?:funding|funds|money|grants?|finance|match[- ]funding|sponsorship|donations?)"
_FROM = re.compile(
    rf"""\b(?:
    {_PAID}\s+(?:(?:\w+ly|in\ \w+|(?:until|for|since)\ [^.;,]{{2,25}})\s+)?
        (?:by|from|through|out\ of|under|via)|
    {_MONEY}\s+(?:of\s+\S+\s+)?(?:(?:that|which)\s+)?(?:(?:was|were|has\ been|is)\s+)?
        (?:also\s+)?(?:\w+ly\s+)?(?:came|comes|provided|received|secured|obtained|awarded|won|given)?
        \s*(?:by|from|through)|
    (?:grant|funding|award)\s+(?:of\s+)?[\u00a3$\u20ac][\d,.]+(?:k|m)?\s+(?:from|by)|
    (?:bid|application)\ to(?=.{{2,60}}\bwas\ successful)|
    (?:received|secured|awarded|won|given|obtained|with|thanks\ to|funding\ of|grant\ of)\s+
        (?:over\s+|about\s+)?[\u00a3$\u20ac][\d,.]+(?:k|m|\ million)?\s+
        (?:of\ funding\s+|over\ \w+\ years\s+|a\ year\s+)?(?:from|by|through)
    )\s""",
    re.I | re.X,
)
FORM = re.compile(
    r"(?:funding(?: source| stream| body)?|source of funding|funded (?:by|from)|funder(?:s|\(s\))?|"
    r"paid for by|who (?:paid|funded it)\??)\s*[:|]\s*"
    r"(?:[\u00a3$\u20ac][\d,.]+\w*\s+(?:from|by)\s+)?(?=\S)",
    re.I,
)
# Others that are told in the same sentence: "and £4,000 from Tesco", "and Welsh Government £8,200".
_SUM = r"[\u00a3$\u20ac]\s?\d[\d,.]*(?:k|m|\ million)?"
_ALSO_FROM = re.compile(rf"{_SUM},?\s+(?:more\s+|also\s+)?(?:from|by)\s+")
_ALSO_GAVE = re.compile(
    rf"(?:^|,|;|:|\||\band|\bwith)\s*(?:the\s)?(?P<name>{NAME_RUN}),?\s(?:(?:also\s)?gave\s)?\(?{_SUM}"
)
# The head of a table of who paid.
_TABLE = re.compile(
    r"(?:funders?|funded by|source(?: of funding)?|sponsors?|donors?|who paid|paid by|"
    r"funding(?: source| body)?)"
    r" \| (?:amounts?|sum|total|grant|contribution|value|how much|\W*[\u00a3$\u20ac]).*",
    re.I,
)
_HEADING = re.compile(
    r"(?:who (?:paid|funded (?:it|this))(?: for it)?|funding|funders?|sources? of funding|"
    r"how (?:was it|it was) (?:funded|paid for))\s*[?:]?",
    re.I,
)
_SUBJECT = re.compile(
    rf"(?P<name>{NAME_RUN})(?: \([^()]{{2,60}}\))?,? (?:has |have |had |also |jointly |kindly )*"
    r"(?:(?:co-|part-|match-)?(?:funded|financed|sponsored)|paid for|met the costs?|"
    r"provided (?:the )?(?:funding|money|a grant)|"
    r"(?:awarded|gave|granted|contributed|donated|put in|put up|provided) "
    r"(?:[a-z]+ ){0,3}?[\u00a3$\u20ac]|"
    r"gave (?:us )?(?:a grant|the money|[\u00a3$\u20ac]))"
)
# No fund that paid for this: what was asked for, hoped for, refused or ran out.
_NOT = re.compile(
    r"\b(?:no|not|without|never|nor|could|would|might|may|appl(?:y|ied|ying)(?: \w+)? for|bids?|"
    r"seek(?:s|ing)?|sought|lack(?:ed)? of|cuts? (?:in|to)|loss of|end of|if)\b[^.;]{0,30}$",
    re.I,
)
_NO_NAME = re.compile(
    r"^(?:(?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December|It|This|That|These|They|We|I|Which|Who|[\d/-]+)\b\s?)+$"
)
_PLAIN = re.compile(
    r"(?:(?:the|our|local|two|three|four|a) [a-z]|(?:residents|traders|businesses|shops|members)\b)"
    r"[\w'\u2019 -]{0,60}"
)
_PLAIN_END = re.compile(
    r"\s(?:with|which|that|who|to|in|for|over|as|at|from|on|until|during|after|but|so|when|where|"
    r"while|because|has|have|was|were|is|are)\s",
)
_PAYER = re.compile(
    r"\b(?:council|police|force|association|fund|budget|grant|trust|company|companies|business\w*|"
    r"traders|shops|residents|levy|partnership|government|department|university|school|charity|"
    r"lottery|developer|landlord\w*|commissioner|station|board|members|programme)\b"
)
_NAMELESS = re.compile(r"(?:the|a|our) (?:fund|grant|budget|programme)", re.I)
_OPENS = re.compile(
    r"^(?:In|On|By|From|Since|During) (?:[^,]{3,30}, |[A-Z]?[a-z]* ?\d{4} )|^(?:The|A|An|Our) "
)
_FUND = re.compile(r"\b(?:Fund|Grants?|Scheme|Programme|Lottery|Levy|Budget)\b", re.I)
_MOST = 10
_LEAST_WORDS = 2
_LONGEST = 120


def funding_in(sentences: list[Sentence]) -> list[FundingFound]:
    """Each fund or body that a text says paid, once, the surest first."""
    found: dict[str, FundingFound] = {}
    table = False
    for number, sentence in enumerate(sentences):
        under = number > 0 and bool(_HEADING.fullmatch(sentences[number - 1].text))
        if _TABLE.fullmatch(sentence.text):
            table = True
            continue
        table = table and " | " in sentence.text
        told = _of_row(sentence.text) if table else _of_sentence(sentence.text, under=under)
        for name, start, end, sure in told:
            key = name.casefold().removeprefix("the ")
            if key in found and found[key].confidence >= sure:
                continue
            found[key] = FundingFound(
                confidence=sure,
                passage=passage_of(sentence.text),
                start=sentence.start + start,
                end=sentence.start + end,
                name=name,
            )
    kept = [
        one
        for key, one in found.items()
        if not any(key != other and re.search(rf"\b{re.escape(key)}\b", other) for other in found)
    ]
    return sorted(kept, key=lambda one: -one.confidence)[:_MOST]


def _of_row(text: str) -> Iterator[tuple[str, int, int, float]]:
    """Who is told in a row of a table of who paid."""
    name = text.partition(" | ")[0].strip()
    if re.match(NAME_RUN, name) and not re.match(r"(?:sub-?)?totals?\b", name, re.I):
        yield name, text.find(name), text.find(name) + len(name), 0.85


def _of_sentence(text: str, *, under: bool) -> Iterator[tuple[str, int, int, float]]:
    """Names with where they stand, and how sure it is that they paid."""
    read = JOINED_PLACES.sub(lambda match: re.sub(r"[ ,]", "_", match[0]), text)
    starts = [(found.end(), found.start()) for found in _FROM.finditer(read)]
    form = FORM.match(read)
    if starts or form:
        starts += [(found.end(), found.start()) for found in _ALSO_FROM.finditer(read)]
    if form or under:
        starts = [(form.end() if form else 0, 0)]
    for at, cue in starts:
        if _NOT.search(read[max(0, cue - 50) : cue]):
            continue
        named = False
        for _, start, end in names_behind(read, at):
            name = text[start:end]
            if _NO_NAME.match(name) or len(name) > _LONGEST:
                break
            named = True
            if "sponsored" in read[cue:at]:
                yield name, start, end, 0.55  # often of an event only
                continue
            yield name, start, end, 0.85 if _FUND.search(name) or form or under else 0.8
        if not named and (plain := _PLAIN.match(read, at)):
            end = plain.end()
            if stop := _PLAIN_END.search(read, plain.start(), plain.end()):
                end = stop.start()
            name = text[plain.start() : end].strip()
            if _PAYER.search(name) and not _NAMELESS.fullmatch(name):
                yield name, plain.start(), end, 0.6
    subjects = list(_SUBJECT.finditer(read))
    if subjects or form:
        subjects += _ALSO_GAVE.finditer(read, form.end() if form else 0)
    for match in subjects:
        opens = _OPENS.match(match["name"])
        start = match.start("name") + (opens.end() if opens else 0)
        name = text[start : match.end("name")]
        if len(name.split()) < _LEAST_WORDS and not name.isupper():
            continue  # "Deputies paid for their own fuel"
        if _NO_NAME.match(name) or _NOT.search(read[max(0, start - 50) : start]):
            continue
        yield name, start, match.end("name"), 0.75
