"""Organisations that a text names: by the words such names are made of, by a few bodies that are
known by name everywhere, and by those the store knows."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from crawlers.facts.body_names import Named, names_in, says_which
from crawlers.facts.found import OrganisationFound, Sentence, passage_of
from crawlers.facts.gazetteer import Gazetteer
from kb.records.identity import name_key

_LEAST = 0.5
# A line of a form: "Partners: Sussex Police; Stonewall Housing".
_LISTED = re.compile(
    r"(?:(?:key|main|lead|delivery|other|our|local) )*(?:partners?|partner (?:agencies|"
    r"organi[sz]ations)|partnership|agenc(?:y|ies)(?: involved)?|organi[sz]ations?(?: involved)?|"
    r"force|council)\s*[:|]\s*(?P<names>.+)",
    re.I | re.S,
)
_NAME = re.compile(r"[A-Z\u00c0-\u00de][^.:@\d]{2,80}")
_SURE_LISTED = 0.8
_MOST_WORDS = 9


def organisations_in(
    sentences: list[Sentence], gazetteer: Gazetteer, known: Iterable[str] = ()
) -> list[OrganisationFound]:
    """Every organisation that is named, the surest first, each once under its fullest first form.

    `known` are names of organisations that the store has.
    """
    pattern = _known_pattern(known)
    found: dict[str, OrganisationFound] = {}
    for sentence in sentences:
        for one in _named(sentence.text, gazetteer, pattern):
            key = organisation_key(one.name)
            before = found.get(key)
            sure = one.sure if before is None else max(before.confidence, one.sure)
            mentions = 1 if before is None else before.mentions + 1
            if mentions > 1:
                sure = min(0.95, sure + 0.05)
            first = before or OrganisationFound(
                name=one.name,
                known=one.known,
                confidence=one.sure,
                passage=passage_of(sentence.text),
                start=sentence.start + one.start,
                end=sentence.start + one.end,
            )
            found[key] = OrganisationFound(
                name=first.name,
                known=first.known or one.known,
                mentions=mentions,
                confidence=round(sure, 2),
                passage=first.passage,
                start=first.start,
                end=first.end,
            )
    kept = [
        one for one in found.values() if one.confidence >= _LEAST and not _told_in_full(one, found)
    ]
    return sorted(kept, key=lambda one: -one.confidence)


def _named(text: str, gazetteer: Gazetteer, known: re.Pattern[str] | None) -> Iterator[Named]:
    """The names of a sentence; of a line that lists partners, what else it lists too."""
    names = list(names_in(text, gazetteer, known))
    line = _LISTED.match(text)
    if line is None:
        yield from names
        return
    parts = list(_parts_of(line)) if ";" in line["names"] else []
    for one in names:
        # "Lighthouse Women's Aid" is a body of its own, though another is known by less of it.
        whole = next((part for part in parts if _is_more_of(part, one)), None)
        sure = max(one.sure, _SURE_LISTED)
        yield replace(one, sure=sure) if whole is None else replace(whole, sure=sure)
    for part in parts:
        if not any(one.start < part.end and part.start < one.end for one in names):
            yield part


def _parts_of(line: re.Match[str]) -> Iterator[Named]:
    """What a line that lists bodies names between its semicolons."""
    start = line.start("names")
    for part in line["names"].split(";"):
        name = part.strip(" .")
        at = start + part.find(name)
        start += len(part) + 1
        if _NAME.fullmatch(name) and len(name.split()) <= _MOST_WORDS:
            yield Named(name, at, at + len(name), _SURE_LISTED)


def _is_more_of(part: Named, one: Named) -> bool:
    """Whether a part of a list is a name that ends with another: all words with capitals."""
    lead = part.name[: len(part.name) - len(one.name)]
    return part.end == one.end and bool(_MORE_WORDS.fullmatch(lead))


_MORE_WORDS = re.compile(r"(?!The )(?:[A-Z\u00c0-\u00de][\w'\u2019-]+ ){1,3}")


def _told_in_full(one: OrganisationFound, found: dict[str, OrganisationFound]) -> bool:
    """Whether the same body stands there under a longer name: "Raleigh Police Department"."""
    key = organisation_key(one.name)
    return any(
        f"{key} {more}" in found for more in ("department", "service", "force", "constabulary")
    )


def organisation_key(name: str) -> str:
    """A name without what does not tell it apart."""
    return name_key(re.sub(r"['\u2019]", "", re.sub(r"^[Tt]he\s+", "", name)))


def _known_pattern(known: Iterable[str]) -> re.Pattern[str] | None:
    """Names that the store knows; single plain words are left out, they would be found in any
    text, and so are names that say a kind of body only, such as "City Council"."""
    names = sorted(
        {
            name
            for name in known
            if len(name) > 5 and (" " in name or name.isupper()) and says_which(name)
        },
        key=len,
        reverse=True,
    )
    if not names:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(name) for name in names)})(?!\w)")
