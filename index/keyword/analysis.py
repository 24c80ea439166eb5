"""How text becomes words, for the index and for everybody who compares with it."""

from functools import lru_cache

import tantivy

from index.fields import STOP_WORDS

STEMMED, EXACT = "stemmed", "exact"
_WORD = 30  # characters of a text that is kept, with what it becomes


@lru_cache(maxsize=2)
def analyser(kind: str) -> tantivy.TextAnalyzer:
    """The analyser of stemmed or exact text."""
    made = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(80))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    if kind == STEMMED:
        made = made.filter(tantivy.Filter.custom_stopword(list(STOP_WORDS)))
        made = made.filter(tantivy.Filter.stemmer("english"))
    return made.build()


def stems(text: str) -> list[str]:
    """The text's words as the stemmed fields hold them, without stop words."""
    return list(_of_word(STEMMED, text)) if len(text) <= _WORD else analyser(STEMMED).analyze(text)


def words(text: str) -> list[str]:
    """The text's words as the exact fields hold them: lower case, accents folded."""
    return list(_of_word(EXACT, text)) if len(text) <= _WORD else analyser(EXACT).analyze(text)


@lru_cache(maxsize=50_000)
def _of_word(kind: str, text: str) -> tuple[str, ...]:
    """What a short text becomes, kept: one search asks for the same words dozens of times."""
    return tuple(analyser(kind).analyze(text))


def title_key(title: str) -> str:
    """What two titles share when they are the same but for case and punctuation."""
    return " ".join(words(title))
