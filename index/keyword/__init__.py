"""The keyword index. The only package that imports tantivy.

One entry holds one record, so that AND, NOT and counts are about records and never about
passages. The text of each section stands in a field of its own beside the whole text. Every text
field but the whole text has an unstemmed twin that keeps every word: phrases and wildcards are
matched on it, so that none reaches from one section into the next.
"""

from index.keyword.analysis import stems, title_key, words
from index.keyword.layout import Layout, exact_field, facet_field, section_field
from index.keyword.reader import KeywordReader, Numbers, Query, Scores
from index.keyword.writer import KeywordWriter

__all__ = [
    "KeywordReader",
    "KeywordWriter",
    "Layout",
    "Numbers",
    "Query",
    "Scores",
    "exact_field",
    "facet_field",
    "section_field",
    "stems",
    "title_key",
    "words",
]
