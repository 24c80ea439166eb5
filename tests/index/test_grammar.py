import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh_compat import ast

from index.grammar import MAX_WORDS, Plan, parse
from index.pieces import MAX_LENGTH

FIELDS = {"title", "problem", "place", "year", "author"}
SECTIONS = {"scanning", "response"}


def plan(text: str) -> Plan:
    return parse(text, FIELDS, SECTIONS)


def test_plain_words_are_looked_for_as_typed_and_keep_their_number() -> None:
    found = plan("parks and more parks")
    assert found.words == ("parks", "and", "more", "parks")
    assert found.strict is None
    assert found.meaning == "parks and more parks"
    assert not found.notes


def test_minus_and_not_exclude() -> None:
    for text in ("burglary -alley", "burglary NOT alley"):
        found = plan(text)
        assert found.words == ("burglary",)
        assert isinstance(found.strict, ast.Not)
        assert found.meaning == "burglary"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("year:[2005 TO 2010]", 2005, 2010),
        ("year:{2005 TO 2010}", 2006, 2009),
        ("year:{2005 TO 2010]", 2006, 2010),
        ("year:{2005 TO}", 2006, None),
        ("year:2005", 2005, 2005),
    ],
)
def test_curly_brackets_leave_the_ends_of_years_out(
    text: str, low: int | None, high: int | None
) -> None:
    found = plan(text).strict
    ends = (found.lo, found.hi) if isinstance(found, ast.NumericRange) else (found.text,) * 2
    assert ends == (low, high)


def test_phrases_fields_and_years_are_required() -> None:
    found = plan('"street pastors" title:drink year:[2005 TO 2010] night')
    assert found.words == ("night",)
    assert isinstance(found.strict, ast.And)
    kinds = [type(child) for child in found.strict.children]
    assert kinds == [ast.Phrase, ast.Term, ast.NumericRange]


def test_operators_join_as_written() -> None:
    found = plan("(alley OR street) AND lighting")
    assert found.boolean
    assert found.words == ()
    assert isinstance(found.strict, ast.And)
    assert found.meaning == "alley street lighting"


def test_in_limits_to_a_section() -> None:
    found = plan("in:scanning noise")
    assert found.sections == ("scanning",)
    assert found.words == ("noise",)
    assert "no section" in plan("in:nowhere noise").notes[0]


def test_running_text_is_read_as_words() -> None:
    text = 'What is known (e.g. from reviews) of what people call "hot spots" in a big city?'
    found = plan(text)
    assert found.strict is None
    assert "spots" in found.words
    assert not found.notes


def test_text_in_capitals_is_not_read_as_operators_but_acronyms_are() -> None:
    assert plan("BURGLARY AND ROBBERY").words == ("BURGLARY", "and", "ROBBERY")
    assert plan("CCTV AND ASB").boolean


def test_a_question_mark_asks_unless_it_stands_within_a_word() -> None:
    assert plan("what works?").words == ("what", "works")
    assert isinstance(plan("wom?n").strict, ast.Wildcard)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("gates gates Gates", ("gates",)),
        ("Walla Walla", ("Walla", "Walla")),
        (f"gates {'y' * 81} alley", ("gates", "alley")),
    ],
)
def test_a_word_over_and_over_is_taken_once_and_an_endless_one_left_out(
    text: str, words: tuple[str, ...]
) -> None:
    assert plan(text).words == words
    assert plan(text).meaning == " ".join(words)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour:blue", "no field called"),
        ("burglary OR", "had nothing to join"),
        ("AND burglary alley", "had nothing to join"),
        ("burglary AND OR alley", "had nothing to join"),
        ("NOT", "had nothing to join"),
        ("title:[a TO b] alley", "years only"),
        ("year:[then TO now] alley", "could not be understood"),
        ("year:soon alley", "could not be understood"),
        ("*ing alley", "two letters"),
        ("b* alley", "two letters"),
        ("* alley", "stands for everything"),
        ('"open phrase alley', "quotation mark"),
        ("year:20* alley", "could not be understood"),
        ("word other " * 300, "first 2,000 characters"),
        ("w v " * 450, "first 200 words"),
        ("x " * 3000, "“x” was typed over and over, and searched for once."),
        ("alley " + "y" * 90, f"“{'y' * 40}…” was left out: no word is that long."),
        ("alley AND " + "y" * 90, "no word is that long"),
        (f"alley title:{'y' * 90}", "no word is that long"),
        ("year:[2020 TO 2010]", "The years were read as 2010 to 2020."),
    ],
)
def test_what_cannot_be_understood_is_dropped_with_a_note(text: str, said: str) -> None:
    found = plan(text)
    assert any(said in note for note in found.notes), found.notes
    if "alley" in text:
        assert "alley" in " ".join(found.words) or found.strict is not None


@pytest.mark.parametrize(
    "text", ["title: burglary", "Re: burglary", "at 10:30", "http://x.org/a:b"]
)
def test_colons_of_running_text_need_no_note(text: str) -> None:
    found = plan(text)
    assert found.strict is None
    assert found.words


HOSTILE = [
    "",
    " ",
    "-",
    "--",
    "- -",
    "()",
    "((((",
    "))))",
    '"',
    '""""',
    "'",
    ":",
    "::::",
    "title:",
    "title:()",
    "title:((a",
    "NOT NOT NOT",
    "a AND (",
    "a AND ()",
    "OR OR OR",
    "year:[",
    "year:[TO]",
    "year:[99999999999999999999 TO 1]",
    "year:99999999999999999999999",
    "year:-5",
    'year:"2005"',
    'in:"scanning"',
    "in:(scanning response)",
    "in:[a TO b]",
    "id:*",
    "[a-z]*",
    "a^99999999 b^-1 c^x",
    "\x00\x01\x02",
    "\ud800",
    "😀 👮 OR 🚲",
    "警察 AND 泥棒",
    "a" * 10_000,
    "(" * 3000,
    '"a" ' * 600,
    "title:a " * 300,
    "NOT " * 700 + "a",
    "(a AND " * 300 + "b" + ")" * 300,
    "a*b*c*d*e*f*g*h*i*j*k*",
    "REQUIRE ANDMAYBE ANDNOT",
    "x ANDMAYBE y REQUIRE z ANDNOT w",
    "{}[]\\/|~`!@#$%^&*",
    "سرقة المنازل OR (פריצה",
    "\u202eburglary\u202c AND \u200f(",
    "e\u0301" * 300 + " \u200b\ufeff",
    "[[[((({{{ burglary",
    "burglary ]]])))}}}",
    '"burglary (unclosed',
    "'; DROP TABLE record; --",
    "<script>alert(1)</script> OR {{7*7}}",
    "%00 %0d%0a ../../etc/passwd",
    "burglary\r\nX-Header: 1",
    'a~ b~2 "c d"~99',
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_gives_a_plan(text: str) -> None:
    found = plan(text)
    assert len(found.words) <= MAX_WORDS
    assert len(found.meaning) <= 2 * MAX_LENGTH


_pieces = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "AND",
            "OR",
            "NOT",
            "-",
            "(",
            ")",
            '"',
            "title:",
            "year:",
            "in:",
            "year:[2000 TO 2010]",
            "burgl*",
            "?",
            "*",
            ":",
            "^",
            "~",
            "ANDNOT",
            "REQUIRE",
            "ANDMAYBE",
            "'",
            "[",
            "]",
            "TO",
        ]
    ),
)


@settings(max_examples=2000)
@given(st.lists(_pieces, max_size=14).map(" ".join) | st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert isinstance(plan(text), Plan)
