"""Controlled vocabularies: stable codes with plain labels, read from seeds/vocabularies."""

from kb.vocabularies.models import Term, Vocabulary
from kb.vocabularies.service import vocabularies, vocabulary

__all__ = ["Term", "Vocabulary", "vocabularies", "vocabulary"]
