"""How text becomes words, for the index and for everybody who compares with it."""

from functools import lru_cache

import tantivy

from index.fields import STOP_WORDS

STEMMED, EXACT = "stemmed", "exact"


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
    return analyser(STEMMED).analyze(text)


def words(text: str) -> list[str]:
    """The text's words as the exact fields hold them: lower case, accents folded."""
    return analyser(EXACT).analyze(text)


def title_key(title: str) -> str:
    """What two titles share when they are the same but for case and punctuation."""
    return " ".join(words(title))
