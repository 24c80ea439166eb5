"""Cues found in texts, beside a plain regular expression for each phrase."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.term_cues import Cues, cues_of
from kb.errors import VocabularyInvalid
from kb.settings import settings

WORDS = ("lamp", "lamps", "gate", "gated", "off", "road", "offroad", "a", "b")
PIECES = st.sampled_from((*WORDS, "lamp~", "ga~", "off-road", "off-ro~"))
PHRASES = st.lists(PIECES, min_size=1, max_size=3).flatmap(
    lambda words: st.sampled_from((" ", " .. ")).map(lambda between: between.join(words))
)
TEXTS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from((" ", ", ", "-", "; ... ")))
).map(lambda parts: "".join(word + after for word, after in parts))


def pattern(phrase: str) -> re.Pattern[str]:
    """What a phrase stands for, said in another way."""
    parts = []
    for part in phrase.split(" .. "):
        words = []
        for word in part.split():
            form = r"(?:|\W{1,3})".join(re.escape(piece) for piece in word.split("-"))
            words.append(form.replace(r"\~", "~").replace("~", r"\w*"))
        parts.append(r"\W{1,3}".join(words))
    gap = r"(?:\W+\w+){0,4}\W+"
    return re.compile(rf"(?<!\w)(?:{gap.join(parts)})(?!\w)", re.I)


@given(PHRASES, TEXTS)
def test_a_phrase_is_found_wherever_it_stands(phrase: str, text: str) -> None:
    found = Cues({"gating": phrase}).found_in(text)
    starts = [at for at in range(len(text)) if pattern(phrase).match(text, at)]
    assert bool(found) == bool(starts)
    assert {cue.start for cue in found} <= set(starts)
    for cue in found:
        assert pattern(phrase).fullmatch(text[cue.start : cue.end])


def test_a_cue_inside_a_longer_one_does_not_count(home: Path) -> None:
    cues = Cues({"closure": "crack house closure", "drugs": "crack house | (crack)"})
    found = [(cue.code, cue.sure) for cue in cues.found_in("A crack house closure, then crack.")]
    assert found == [("closure", True), ("drugs", False)]


def test_case_and_what_a_hyphen_joins_make_no_difference() -> None:
    cues = Cues({"bikes": "off-road bik~"})
    for text in ("OFF-ROAD bikes", "off road biking", "offroad bike"):
        assert [cue.end for cue in cues.found_in(text)] == [len(text)]
    assert not cues.found_in("off. the road bikes")


def test_who_breaks_a_window_does_not_break_in() -> None:
    cues = Cues({"burglary": "break-in~"})
    assert cues.found_in("Two break-ins in May.")
    assert not cues.found_in("They were breaking windows.")


@pytest.mark.parametrize("phrase", ["...", "(~)", ".. lamps"])
def test_a_cue_that_begins_with_no_word_is_refused(
    phrase: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "seeds" / "cues"
    folder.mkdir(parents=True)
    (folder / "settings.yaml").write_text(f"field: settings\ncues: {{home: '{phrase}'}}\n")
    monkeypatch.setenv("KB_SEEDS_DIR", str(tmp_path / "seeds"))
    settings.cache_clear()
    with pytest.raises(VocabularyInvalid, match=r"settings\.yaml .* begins with no letter"):
        cues_of("settings")


def test_a_field_without_cues_finds_nothing(home: Path) -> None:
    assert cues_of("awards").found_in("An award.") == []
