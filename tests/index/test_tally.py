"""The scores of plain words, added up word by word, are those of the keyword engine itself."""

import random
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import pytest

import index.compile
import index.keyword.reader
from index.compile import compiled
from index.document import Document, Passage
from index.engine import Engine
from index.errors import IndexDamaged
from index.fields import EVERYWHERE
from index.grammar import parse
from index.keyword import KeywordReader, Scores, section_field, stems
from index.query import Query
from index.tally import Tally, nearby, tally
from index.understanding import understood
from tests.index.conftest import SECTIONS, doc

WORDS = [
    "gates",
    "noise",
    "parks",
    "youths",
    "alley",
    "burglary",
    "lights",
    "wardens",
    "cars",
    "shops",
    "bikes",
    "asb",
]


@pytest.fixture
def engine(index_of: Callable[[Sequence[Document]], Engine]) -> Engine:
    chance = random.Random(7)

    def some(most: int) -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(0, most)))

    return index_of(
        [
            doc(
                f"r{number}",
                some(3),
                passages=[Passage("scanning", some(9)), Passage("response", some(5))],
                labels={"problem": some(2)},
            )
            for number in range(120)
        ]
    )


def asked(engine: Engine, text: str) -> tuple[index.compile.Compiled, KeywordReader]:
    generation = engine.generation()
    plan = understood(parse(text, (), SECTIONS), Query(text=text), engine, generation)
    return compiled(plan, generation.keyword), generation.keyword


def lifted(
    counted: Tally, plan: index.compile.Compiled, reader: KeywordReader, least: int = 0
) -> Scores:
    scores = counted.scores.copy()
    numbers, more = nearby(plan, reader, least)
    scores[numbers] += more
    return scores


def test_words_score_and_count_as_the_engine_has_them(engine: Engine) -> None:
    chance = random.Random(8)
    for _ in range(60):
        typed = chance.choices([*WORDS[:-1], "zebra"], k=chance.randint(1, 5))
        limits = chance.choice(["", "in:scanning "])
        text = limits + " ".join(typed)
        plan, reader = asked(engine, text)
        words = parse(text, (), SECTIONS).words  # a word typed over and over is taken once
        fields = ((section_field("scanning"), 1.0),) if limits else EVERYWHERE
        whole = [
            reader.boosted(
                reader.any_of([reader.boosted(reader.term(f, token), b) for f, b in fields]),
                min(times, 3),
            )
            for token, times in Counter(t for word in words for t in stems(word)).items()
        ]
        if plan.nearby is not None:
            whole.append(plan.nearby)
        numbers, scores = reader.run(reader.any_of(whole))
        counted = tally(plan, reader, len(reader))
        wanted = np.zeros(len(reader), np.float32)
        wanted[numbers] = scores
        np.testing.assert_allclose(lifted(counted, plan, reader), wanted, rtol=1e-4)
        every = counted.held == plan.of
        strict = lifted(counted, plan, reader, plan.of)
        np.testing.assert_allclose(strict[every], wanted[every], rtol=1e-4)
        for number in range(len(reader)):
            payload = engine.generation().payloads.of([number])[0]
            texts = [
                text for section, text in payload["passages"] if not limits or section == "scanning"
            ]
            if not limits:
                texts += [payload["title"]]
            text = " ".join(texts).split()
            assert counted.held[number] >= len({*typed} & {*text})
            assert (counted.held[number] > 0) == (counted.scores[number] > 0)


def test_another_name_stands_for_every_word_of_a_term(
    index_of: Callable[[Sequence[Document]], Engine],
) -> None:
    engine = index_of(
        [
            doc("typed", "Boy racers"),
            doc("other", "Car cruising"),
            doc("part", "A boy"),
            doc("none", "Gates"),
        ]
    )
    plan, reader = asked(engine, "boy racers")
    counted = tally(plan, reader, 4)
    assert plan.of == 2
    assert counted.held.tolist() == [2, 2, 1, 0]
    scores = lifted(counted, plan, reader)
    assert scores[0] > scores[1] > scores[2] > 0 == scores[3]


def test_records_that_are_not_there_are_named(engine: Engine) -> None:
    generation = engine.generation()
    payloads, ids = generation.payloads, generation.columns.ids
    assert [one["id"] for one in payloads.of([2, 0])] == [ids[2], ids[0]]
    payloads.spans = payloads.spans.copy()
    payloads.spans[1] = 0  # as of a number whose record is gone
    with pytest.raises(IndexDamaged, match=r"Record 1 .*kb index rebuild"):
        payloads.of([0, 1])


def test_scores_are_kept_and_the_oldest_go_when_there_is_no_room(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = engine.generation().keyword
    reader.keep_common()
    common = reader.scores("park", EVERYWHERE)
    assert common is reader.scores("park", EVERYWHERE)
    assert len(common[0]) == reader.scores("park", EVERYWHERE)[1].shape[0] > 60
    monkeypatch.setattr(index.keyword.reader, "MOST_KEPT", 150)
    monkeypatch.setattr(index.keyword.reader, "KEPT_A_RECORD", 0)
    again = KeywordReader(engine.generation().folder / "keyword", reader.layout)
    first = again.scores("park", EVERYWHERE)
    assert again.scores("park", EVERYWHERE) is first
    for word in WORDS:
        again.scores(stems(word)[0], EVERYWHERE)
    fresh = again.scores("park", EVERYWHERE)
    assert fresh is not first
    np.testing.assert_array_equal(fresh[0], first[0])
