import random
import re
from collections.abc import Callable, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.document import Document, Passage
from index.engine import Engine
from index.errors import ModelUnavailable
from index.facets import FACET, FACETS, labels_of
from index.query import Query
from index.ranking import NEAR
from index.search import found_ids, search
from index.thesaurus import Thesaurus
from index.unsaid import NEAR_ONLY
from tests.index.conftest import doc
from tests.index.test_grammar import HOSTILE

Build = Callable[[Sequence[Document]], Engine]

DOCS = [
    doc(
        "gates",
        "Alley gates in Marsh Lane",
        passages=[
            Passage("summary", "Residents closed back alleys with gates and burglary fell."),
            Passage("scanning", "Burglars came through the alleys behind student houses."),
            Passage("response", "Steel gates were fitted and every household got a key."),
        ],
        facets={"problem": ("burglary-dwelling",), "response": ("harden-targets",)},
        labels={"problem": "Burglary of homes\nhouse burglary\nburglary-dwelling"},
        year=2004,
    ),
    doc(
        "pastors",
        "Street pastors on nights out",
        "Volunteers walk the town centre at night and help people who drank too much.",
        facets={"problem": ("night-time-economy",)},
        labels={"problem": "Night-time economy"},
        named={"author": "Ascension Trust"},
        year=2011,
    ),
    doc(
        "bikes",
        "Off-road bikes on the common",
        "Police and rangers seized motorcycles that were a nuisance. Noise complaints fell.",
        facets={"problem": ("off-road-bikes",)},
        year=2009,
    ),
    doc(
        "mediation",
        "Talking to neighbours about noise",
        "Mediators met both sides of neighbour disputes. Anti-social behaviour reports fell.",
        facets={"problem": ("noise",)},
    ),
]


@pytest.fixture
def engine(index_of: Build) -> Engine:
    return index_of(DOCS)


def ids(engine: Engine, text: str, **changes: object) -> list[str]:
    changes.setdefault("mode", "keyword")
    return [hit.id for hit in search(Query(text=text, **changes), engine).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("burglaries", ["gates"]),
        ('"back alleys"', ["gates"]),
        ('"alleys back"', []),
        ("title:bikes", ["bikes"]),
        ("problem:burglary", ["gates"]),
        ('problem:"house burglary"', ["gates"]),
        ("author:ascension", ["pastors"]),
        ("id:bikes", ["bikes"]),
        ("year:[2005 TO 2010]", ["bikes"]),
        ("year:[2010 TO 2005]", ["bikes"]),
        ("year:2011", ["pastors"]),
        ("motorc*", ["bikes"]),
        ("resid?nts", ["gates"]),
        ("noise -neighbour", ["bikes"]),
        ("noise NOT neighbour", ["bikes"]),
        ("noise AND mediators", ["mediation"]),
        ("keys OR volunteers", ["gates", "pastors"]),
        ("(noise OR keys) AND gates", ["gates"]),
        ("in:scanning students", ["gates"]),
        ("in:response students", []),
        ("in:scanning burglar*", ["gates"]),
        ("colour:noise", ["bikes", "mediation"]),
        ("the", ["bikes", "gates", "pastors"]),
        ("zebra", []),
    ],
)
def test_the_grammar_finds_what_it_says(engine: Engine, text: str, found: list[str]) -> None:
    assert sorted(ids(engine, text)) == sorted(found)


def test_negation_reaches_what_is_found_by_meaning(engine: Engine) -> None:
    assert "mediation" not in ids(engine, "noise -neighbour", mode="hybrid")
    assert set(ids(engine, '"back alleys" burglary', mode="hybrid")) == {"gates"}


def test_thesaurus_is_used_shown_and_can_be_turned_off(engine: Engine) -> None:
    results = search(Query(text="ASB", mode="keyword"), engine)
    assert [hit.id for hit in results.hits] == ["mediation"]
    assert results.expansions[0].means == ("anti-social behaviour",)
    assert ids(engine, "ASB", expand=False) == []


def test_a_record_found_by_what_slang_stands_for_says_by_which_term(index_of: Build) -> None:
    told = doc(
        "meet",
        "Evenings on the bypass",
        "Crowds came.",
        facets={"problem": ("car-cruising",)},
        labels={"problem": "Car cruising and street racing\ncar-cruising"},
        card={"facets": {"problem": ["car-cruising"]}},
    )
    engine = index_of([*DOCS, told])
    engine.thesaurus = lambda: Thesaurus(
        [{"term": "revheads", "means": ["zooming"], "codes": ["problem_types:car-cruising"]}]
    )
    (hit,) = search(Query(text="revheads", mode="keyword"), engine).hits
    assert hit.reasons == ("Is tagged Car cruising and street racing (for “revheads”)",)


def test_exact_wants_every_word_as_typed(engine: Engine) -> None:
    assert ids(engine, "burglary gates", exact=True) == ["gates"]
    assert ids(engine, "burglaries gates", exact=True) == []
    assert search(Query(text="gates", exact=True), engine).mode == "keyword"


def test_an_exact_search_finds_and_names_what_records_say_themselves(index_of: Build) -> None:
    tagged = doc("tagged", "Homes", "Quiet.", labels={"problem": "Burglary\nbreak-ins"})
    ending = doc("ending", "Streets", "Burglaries fell.")
    said = doc("said", "Flats", "After burglaries, one Burglary. The Burglary was at a flat.")
    engine = index_of([tagged, ending, said])
    for text in ("burglary", '"burglary"', "burglary -zebra", "burglar*y"):
        assert ids(engine, text, exact=True) == ["said"], text
    (hit,) = search(Query(text="burglary", exact=True), engine).hits
    assert hit.reasons == ("Has the word Burglary",)
    assert {text for text, lit in hit.snippet if lit} == {"Burglary"}
    assert ids(engine, "break-ins") == ["tagged"]


@pytest.mark.parametrize("mode", ["hybrid", "keyword", "semantic"])
def test_an_exact_title_or_id_comes_first(index_of: Build, mode: str) -> None:
    titles = ["Who helps whom", "Night", "Night bus", "The night bus and the night", "On the night"]
    rest = [doc(f"r{n}", f"Night bus night {n}", "night bus " * 20) for n in range(30)]
    engine = index_of([*(doc(f"t{n}", title) for n, title in enumerate(titles)), *rest])
    for number, title in enumerate(titles):
        assert ids(engine, title, mode=mode)[0] == f"t{number}"
        assert ids(engine, title.upper() + "!", mode=mode)[0] == f"t{number}"
    assert ids(engine, "r7", mode=mode)[0] == "r7"


def test_snippet_shows_the_words_and_the_section(engine: Engine) -> None:
    hit = search(Query(text="student keys", mode="keyword"), engine).hits[0]
    assert set(hit.sections) == {"scanning", "response"}
    assert [text for text, lit in hit.snippet if lit] in (["student"], ["key"])
    assert "student" in hit.reasons[0]


@pytest.mark.parametrize("asked", ["what works to stop burglary", '"fell" what works for burglary'])
def test_the_opening_of_a_question_is_not_shown_as_matched(index_of: Build, asked: str) -> None:
    works = doc("works", "Homes", "What works is to stop burglary at night: it fell and works.")
    engine = index_of([works])
    (hit,) = search(Query(text=asked, mode="keyword"), engine).hits
    lit = {text.lower() for text, lit in hit.snippet if lit}
    assert "burglary" in lit
    assert lit <= {"burglary", "fell"}
    assert "works" not in hit.reasons[0]
    typed = search(Query(text=asked, mode="keyword", expand=False), engine).hits[0]
    assert "works" in {text for text, lit in typed.snippet if lit}


def test_a_wildcard_shows_what_it_matched(engine: Engine) -> None:
    hit = search(Query(text="motorc* OR volunt*", mode="keyword"), engine).hits[0]
    assert {text for text, lit in hit.snippet if lit} <= {"motorcycles", "Volunteers"}
    assert hit.reasons[0].startswith("Has the word")
    assert hit.sections == ("summary",)


def test_reasons_tell_a_title_and_a_tag_from_the_text(index_of: Build) -> None:
    label = FACET["problem"].label_of("off-road-bikes")
    bare = doc("bare", "Bikes on the common")
    tagged = doc(
        "tagged",
        "Quiet commons",
        "Rangers went out.",
        facets={"problem": ("off-road-bikes",)},
        labels={"problem": label},
        card={"facets": {"problem": ["off-road-bikes"]}},
    )
    hits = search(Query(text="bikes", mode="keyword"), index_of([bare, tagged])).hits
    reasons = {hit.id: hit.reasons for hit in hits}
    assert reasons["bare"] == ("Has the word Bikes in its title",)
    assert reasons["tagged"] == (f"Is tagged {label}",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("dusk", "Is also called “Operation Dusk”"),
        (
            "scrambler",
            "Is tagged Off-road bikes (also called “scrambler bikes”)",
        ),
        ("vehicle", "Is tagged Off-road bikes, under Vehicle nuisance"),
        (
            '"dirt bikes"',
            "Is tagged Off-road bikes (also called “dirt bikes”)",
        ),
        ("after care", "Has the word aftercare"),
        ("who they", "Has the word They"),
        ("TEN", "Has the words of another name for “TEN”"),
        ("author:clarke", "Has “clarke” in “Author, contact or organisation”"),
        ("year:2015", "Has “2015” in “Year”"),
    ],
)
def test_a_record_without_the_words_says_through_what_it_came(
    index_of: Build, text: str, reason: str
) -> None:
    told = doc(
        "told",
        "Rangers",
        "They went out on bikes with aftercare over dirt. A temporary neighbourhood event notice.",
        other_names=("Operation Dusk",),
        listed={"name": ("Operation Dusk",)},
        facets={"problem": ("off-road-bikes",)},
        labels={"problem": labels_of(FACET["problem"], ["off-road-bikes"])},
        named={"author": "R. Clarke"},
        card={"facets": {"problem": ["off-road-bikes"]}},
        year=2015,
    )
    (hit,) = search(Query(text=text, mode="keyword"), index_of([told])).hits
    assert hit.reasons == (reason,)


def test_what_aspects_are_called_finds_nothing_by_itself(index_of: Build) -> None:
    labels = labels_of(FACET["aspect"], ["who"])
    told = doc("told", "Rangers", "They went out.", labels={"aspect": labels})
    engine = index_of([told, doc("says", "Helpful rangers")])
    for text, ids in (("helpful", ["says"]), ("aspect:help", ["told"])):
        assert [h.id for h in search(Query(text=text, mode="keyword"), engine).hits] == ids


def test_and_says_of_each_word_through_what_it_is_there_and_not_leaves_out_what_says_it(
    index_of: Build,
) -> None:
    told = doc(
        "told",
        "Rangers",
        "They went out.",
        facets={"problem": ("off-road-bikes",)},
        labels={"problem": labels_of(FACET["problem"], ["off-road-bikes"])},
        card={"facets": {"problem": ["off-road-bikes"]}},
    )
    engine = index_of([told, doc("says", "Rangers on scrambler bikes")])
    joined = search(Query(text="rangers AND scrambler", mode="keyword"), engine)
    assert {hit.id: hit.reasons for hit in joined.hits} == {
        "told": (
            "Has the word Rangers in its title",
            "Is tagged Off-road bikes (also called “scrambler bikes”)",
        ),
        "says": ("Has the words Rangers, scrambler in its title",),
    }
    for left_out in ("scrambler", '"scrambler bikes"', "scramb*"):
        found = search(Query(text=f"rangers NOT {left_out}", mode="keyword"), engine)
        assert [hit.id for hit in found.hits] == ["told"]


@pytest.mark.parametrize(
    ("text", "tag", "note"),
    [
        ("hare coursing", "Wildlife crime\nhare coursing", "No record says “hare” or “coursing”."),
        (
            "boy racers",
            "Vehicle nuisance\nboy racers",
            (
                "No record shown here says “boy racers” or another name for it; "
                "they are only the nearest."
            ),
        ),
    ],
)
def test_a_record_that_only_its_tag_brings_is_not_said_to_have_the_words(
    index_of: Build, text: str, tag: str, note: str
) -> None:
    tagged = doc("tagged", "Leopards", "Of something else.", labels={"problem": tag})
    results = search(Query(text=text, mode="keyword"), index_of([*DOCS, tagged]))
    assert results.hits[0].id == "tagged"
    assert results.notes == (note,)
    assert results.in_vain == (text == "boy racers")


def test_a_slip_within_a_term_of_several_words_does_not_hide_the_term(index_of: Build) -> None:
    cruising = doc("cruising", "Evenings", "Car cruising drew crowds.")
    told = doc("told", "Nights", "A scheme for boy racers.")
    engine = index_of([cruising, told, *DOCS])
    engine.speller(wait=True)
    results = search(Query(text="boy raicers", mode="keyword"), engine)
    assert [hit.id for hit in results.hits] == ["told", "cruising"]
    (term,) = results.expansions
    assert (term.typed, term.means) == ("boy raicers", ("boy racers", "car cruising"))
    assert [one.means for one in results.corrections] == [("racers",)]
    plain = search(Query(text="boy raicers", mode="keyword", correct=False), engine)
    assert [hit.id for hit in plain.hits] == ["told"]
    assert not plain.expansions


def test_a_record_that_has_the_term_is_told_of_no_lack(index_of: Build) -> None:
    told = doc("told", "A scheme about boy racers")
    assert search(Query(text="boy racers", mode="keyword"), index_of([told])).notes == ()


def test_words_that_no_record_has_are_named(engine: Engine) -> None:
    told = "No record says “zebra”, so records with the other word are shown."
    assert search(Query(text="noise zebra"), engine).notes[0] == told
    told = "No record says “zebra”, so records with any of the other words are shown."
    assert search(Query(text="gates zebra volunteers"), engine).notes[0] == told
    alone = search(Query(text="zebra noises", mode="semantic"), engine)
    assert "No record says “zebra”." in alone.notes
    assert not search(Query(text="gates volunteers", mode="semantic"), engine).notes
    exact = search(Query(text="noise zebra", exact=True), engine)
    assert exact.notes == ("No record says “zebra”.",)
    found = search(Query(text="kneighbours nnoise", correct=False), engine)
    assert (NEAR_ONLY in found.notes) == bool(found.total)
    assert found.in_vain
    assert not search(Query(text="noise"), engine).in_vain


@pytest.mark.parametrize("value", ["bogus", '"bogus thing"', "bogus*", "noise\u2010bogus"])
def test_a_named_field_without_what_was_typed_for_it_is_told_of(
    index_of: Build, value: str
) -> None:
    engine = index_of([*DOCS, doc("tagged", "Din", labels={"problem": "Noise"})])
    results = search(Query(text=f"noise problem:{value}"), engine)
    assert f"No record has “{value.strip(chr(34))}” in the field “problem”." in results.notes
    assert not results.total
    assert not search(Query(text="problem:noise"), engine).notes


def test_a_chosen_value_that_there_is_not_is_named(engine: Engine) -> None:
    chosen = {"problem": ("bogus", "noise", "arson"), "year": ("1850", "2001..2005")}
    results = search(Query(filters=chosen), engine)
    assert [(one.facet, one.value) for one in results.unknown] == [
        ("problem", "bogus"),
        ("year", "1850"),
    ]
    assert results.notes == (
        "“bogus” is not one of the choices of “Problem”; no record has it.",
        "No record has “1850” as its “Year”.",
    )


def test_what_is_no_word_is_near_to_nothing(index_of: Build) -> None:
    engine = index_of([doc("one", "Noise", "noise")])
    engine.speller(wait=True)
    tried = (f"qqqz{''.join(letters)}x" for letters in product("bcdfgjkmpv", repeat=3))
    near = next(text for text in tried if engine.likeness(text).similar[0] >= NEAR)
    assert not ids(engine, near, mode="semantic")
    assert not ids(engine, near, mode="hybrid")


def test_what_is_found_by_meaning_alone_is_labelled(engine: Engine) -> None:
    results = search(Query(text="noise complaints", mode="semantic"), engine)
    assert {hit.found_by for hit in results.hits} <= {"meaning", "both"}
    assert results.hits[0].id == "bikes"


def test_nothing_typed_is_browsing_newest_first(engine: Engine) -> None:
    results = search(Query(), engine)
    assert [hit.id for hit in results.hits] == ["pastors", "bikes", "gates", "mediation"]
    chosen = search(Query(filters={"problem": ("noise",)}), engine)
    assert [hit.id for hit in chosen.hits] == ["mediation"]


def test_orders(engine: Engine) -> None:
    assert ids(engine, "", sort="oldest") == ["gates", "bikes", "pastors", "mediation"]
    assert ids(engine, "", sort="title") == ["gates", "bikes", "pastors", "mediation"]
    assert ids(engine, "noise fell", sort="newest") == ["bikes", "gates", "mediation"]


def test_pages_part_one_set(engine: Engine) -> None:
    whole = ids(engine, "", per_page=100)
    parts = [one for page in range(1, 5) for one in ids(engine, "", per_page=1, page=page)]
    assert parts == whole
    assert search(Query(per_page=3), engine).pages == 2
    assert ids(engine, "", page=99) == []
    assert found_ids(Query(text="noise", mode="keyword"), 1, engine) == ids(engine, "noise")[:1]


def test_when_embedding_fails_words_are_searched_and_said_so(index_of: Build) -> None:
    def broken() -> object:
        raise ModelUnavailable("gone")

    engine = index_of(DOCS)
    engine.embedder = broken  # type: ignore[assignment]
    results = search(Query(text="noise"), engine)
    assert results.mode == "keyword"
    assert results.hits
    assert "meaning" in results.notes[0]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_answered(engine: Engine, text: str) -> None:
    for exact in (False, True):
        results = search(Query(text=text, exact=exact), engine)
        assert len(results.hits) <= results.total


_words = st.sampled_from(
    [
        "noise",
        "gates",
        "burgl*",
        "AND",
        "OR",
        "NOT",
        "-",
        '"',
        "(",
        ")",
        "title:",
        "year:[2000 TO]",
        "in:scanning",
        "problem:",
        "ASB",
        "off-road",
        "the",
        "?",
        "é",
        "year:2009",
        "author:x",
    ]
)


def test_no_text_raises(engine: Engine) -> None:
    @settings(max_examples=400)  # test_grammar.py tries many more, without searching
    @given(st.lists(_words | st.text(max_size=6), max_size=10).map(" ".join))
    def answered(text: str) -> None:
        results = search(Query(text=text), engine)
        assert results.total >= len(results.hits)

    answered()


def test_a_known_word_is_found_or_a_note_says_why_not(engine: Engine) -> None:
    # Nothing that demands something else, and no OR, of which one side is enough.
    plain = ["noise", "gates", "AND", '"', "(", ")", "ASB", "off-road", "the", "?", "é", "colour:"]
    around = st.lists(st.sampled_from(plain) | st.text(max_size=6), max_size=5)

    @settings(max_examples=400)
    @given(around, around)
    def found(before: list[str], after: list[str]) -> None:
        # What follows a sign for "not" is not wanted.
        if any(part.endswith("-") or part.startswith("-") for part in (*before, *after)):
            return
        text = " ".join([*before, "mediators", *after])
        # A phrase demands to be there; only what stands in the record may be one here.
        if any(phrase.strip() for phrase in re.findall(r'"([^"]*)"', text)):
            return
        results = search(Query(text=text, mode="keyword"), engine)
        assert "mediation" in {hit.id for hit in results.hits} or results.notes

    found()


# Facet counts against an independent oracle: plain Python over the same records.


def _random_records(seed: int) -> list[Document]:
    chance = random.Random(seed)
    problems = ["burglary-dwelling", "burglary-business", "crime", "noise", "robbery-personal"]
    kinds = ["project", "guide", "award-entry"]
    years = [str(year) for year in range(1999, 2005)]
    records = []
    for number in range(120):
        facets = {
            "problem": tuple(chance.sample(problems, chance.randint(0, 3))),
            "kind": (chance.choice(kinds),),
            "year": (chance.choice(years),),
            "cost": tuple(chance.sample(COSTS, chance.randint(0, 1))),
            "award": tuple(chance.sample(["goldstein:winner", "goldstein", "tilley:winner"], 1)),
        }
        text = " ".join(chance.choices(["gates", "noise", "police", "park"], k=3))
        records.append(doc(f"r{number}", f"Record {number}", text, facets=facets))
    return records


COSTS = ["low", "medium", "high"]  # as the vocabulary orders them
ORACLE_FACETS = ("problem", "kind", "year", "award", "cost")


def _held_codes(record: Document, name: str) -> set[str]:
    """The codes that a record counts for, broader ones too."""
    return set(FACET[name].expanded(record.facets.get(name, ())))


def _codes_between(values: Sequence[str], known: list[str]) -> set[str]:
    """What is chosen, ranges of years and costs filled in."""
    order = COSTS if set(known) <= set(COSTS) else known
    found = set()
    for value in values:
        low, dots, high = value.partition("..")
        first = order.index(low) if low in order else 0
        last = order.index(high) if high in order else len(order) - 1
        found |= set(order[first : last + 1]) if dots else {value}
    return found


def _as_sent(
    word: str, mode: str, filters: dict[str, tuple[str, ...]], chance: random.Random
) -> list[tuple[str, str]]:
    """The parameters of a search; a range may be sent in the two boxes of the form."""
    sent = [("q", word), ("mode", mode), ("per_page", "50")]
    for name, values in filters.items():
        ranges = [value for value in values if ".." in value]
        boxes = ranges[:1] if chance.random() < 0.5 else []
        sent += [(name, value) for value in values if value not in boxes]
        for value in boxes:
            low, _, high = value.partition("..")
            sent += [(f"{name}_from", low), (f"{name}_to", high)]
    return sent


def test_counts_totals_and_pages_agree_with_an_oracle(index_of: Build) -> None:
    """Five hundred random combinations of filters, in both modes, over random records."""
    records = _random_records(1)
    engine = index_of(records)
    chance = random.Random(1)
    held = {name: {one.id: _held_codes(one, name) for one in records} for name in ORACLE_FACETS}
    values = {name: sorted(set().union(*held[name].values())) for name in ORACLE_FACETS}
    pickable = values | {
        "year": [*values["year"], "2000..2002", "2001..2004", "..2000", "2003.."],
        "cost": [*COSTS, "..medium", "medium.."],
    }
    words = ["", "gates", "noise"]
    by_words = {word: {r.id for r in records if word in r.passages[0].text} for word in words}
    # What is near in meaning is a matter of the model, not of counting.
    by_both = {word: set(found_ids(Query(text=word), engine=engine)) for word in words}
    assert all(by_words[word] <= by_both[word] for word in words)
    for number in range(500):
        mode, word = ("keyword", "hybrid")[number % 2], chance.choice(words)
        matching = (by_words if mode == "keyword" else by_both)[word]
        filters = {
            name: tuple(chance.sample(codes, chance.randint(1, 2)))
            for name, codes in pickable.items()
            if chance.random() < 0.5
        }
        allowed = {
            name: {
                one for one, has in held[name].items() if has & _codes_between(codes, values[name])
            }
            for name, codes in filters.items()
        }
        expected = matching.intersection(*allowed.values()) if allowed else matching
        query = Query.from_params(_as_sent(word, mode, filters, chance))
        assert not query.notes
        pages = [search(query, engine)]
        pages += [search(query.with_page(n), engine) for n in range(2, pages[0].pages + 1)]
        listed = [hit.id for page in pages for hit in page.hits]
        assert {page.total for page in pages} == {len(expected)}
        assert len(listed) == len(expected)
        assert set(listed) == expected
        for facet in pages[-1].facets:
            if facet.name not in values:
                continue
            others = [found for name, found in allowed.items() if name != facet.name]
            among = matching.intersection(*others) if others else matching
            assert facet.more == 0
            shown = {value.code: value.count for value in facet.values}
            for code in {*values[facet.name], *filters.get(facet.name, ())}:
                wanted = _codes_between([code], values[facet.name])
                count = sum(1 for one in among if held[facet.name][one] & wanted)
                assert shown.get(code, 0) == count
                assert code in shown or code not in filters.get(facet.name, ())


def test_a_chosen_value_without_hits_stays(engine: Engine) -> None:
    results = search(Query(text="gates", filters={"problem": ("noise", "no-such")}), engine)
    problem = next(facet for facet in results.facets if facet.name == "problem")
    assert [value.code for value in problem.selected] == ["noise", "no-such"]
    assert results.total == 0


def test_every_facet_comes_back_in_order(engine: Engine) -> None:
    shown = [facet.name for facet in search(Query(), engine).facets]
    assert shown == [facet.name for facet in FACETS]


def test_a_record_is_found_first_by_another_name_it_goes_by(index_of: Build) -> None:
    others = [
        doc(f"g{n}", f"Boston and a ceasefire of sorts {n}", "Boston ceasefire") for n in "abc"
    ]
    known = doc(
        "known", "Warning gangs together", "Killings fell.", other_names=("Boston Ceasefire",)
    )
    assert search(Query(text="boston ceasefire"), index_of([*others, known])).hits[0].id == "known"
