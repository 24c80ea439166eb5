"""Documents to measure with: as many as wanted, the same each time, in the words of the field."""

import random
import re
from collections.abc import Iterator

from index.document import Document, Passage
from kb.vocabularies import vocabularies, vocabulary

SECTIONS = ("summary", "scanning", "response", "assessment")
WORDS = 150
COMMON = 150
COUNTRIES = ("gb-eng", "gb-wls", "gb-sct", "us", "ca", "au")


def _lexicon(chance: random.Random) -> tuple[list[str], list[float]]:
    """Words of the vocabularies and made-up rare ones, with the odds of natural text."""
    known = dict.fromkeys(
        word
        for held in vocabularies().values()
        for term in held
        for text in (term.label, term.definition, *term.alt)
        for word in re.findall(r"[a-z]{2,}", text.lower())
    )
    words = list(known)
    chance.shuffle(words)
    letters = "abcdefghijklmnoprstuvw"
    words += ["".join(chance.choices(letters, k=chance.randint(5, 9))) for _ in range(20_000)]
    return words, [1 / (rank + 10) for rank in range(len(words))]


def documents(count: int, seed: int = 1) -> Iterator[Document]:
    """`count` records of four passages each."""
    chance = random.Random(seed)
    words, odds = _lexicon(chance)
    problems = [term.code for term in vocabulary("problem_types") if term.broader]
    responses = [term.code for term in vocabulary("response_types") if term.broader]
    for number in range(count):
        drawn = chance.choices(words, odds, k=WORDS * len(SECTIONS) + 8)
        yield Document(
            id=f"record-{number}",
            title=" ".join(drawn[:8]).capitalize(),
            passages=tuple(
                Passage(section, " ".join(drawn[8 + spot * WORDS : 8 + (spot + 1) * WORDS]) + ".")
                for spot, section in enumerate(SECTIONS)
            ),
            facets={
                "problem": tuple(chance.sample(problems, 2)),
                "response": tuple(chance.sample(responses, 2)),
                "country": (chance.choice(COUNTRIES),),
                "year": (str(chance.randint(1990, 2024)),),
                "place": (f"Place {chance.randint(1, 400)}",),
            },
            year=2000,
            stamp="1",
        )


def queries(count: int, seed: int = 2) -> list[str]:
    """Two to four words each, as people type."""
    chance = random.Random(seed)
    words, odds = _lexicon(random.Random(1))
    # The commonest words stand for those that carry no subject; nobody searches for them.
    words, odds = words[COMMON:], odds[COMMON:]
    return [" ".join(chance.choices(words, odds, k=chance.randint(2, 4))) for _ in range(count)]
