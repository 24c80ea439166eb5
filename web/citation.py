"""How a record's page says what to cite: tags for reference managers, JSON-LD for search engines.

What the work is (title, authors, date) is settled in `kb.exports.citation`, for files and here.
"""

from typing import Any

from kb.exports.citation import citation
from kb.records import Practice, PracticeIn
from kb.vocabularies import vocabulary
from web import urls
from web.labels import Labels

# Terms of schema.org for kinds of record; all others are plain articles.
_TYPES = {"guide": "TechArticle", "paper": "ScholarlyArticle", "review": "ScholarlyArticle"}


def tags(practice: Practice, address: str) -> tuple[tuple[str, str], ...]:
    """`citation_*` tags, authors one by one; dates with slashes, as readers of them expect."""
    work = citation(practice)
    made = [("citation_title", work.title)]
    made += [("citation_author", name) for name in work.authors]
    made += [
        ("citation_publication_date", work.date.replace("-", "/")),
        ("citation_publisher", work.publisher),
        ("citation_language", work.language),
        ("citation_public_url", address),
    ]
    documents = [item.document_url for item in practice.content.provenance]
    pdf = [url for url in documents if url.lower().endswith(".pdf") and urls.is_web_address(url)]
    made += [("citation_pdf_url", url) for url in pdf[:1]]
    made += [("citation_keywords", word) for word in work.keywords]
    return tuple((name, text) for name, text in made if text)


def json_ld(practice: Practice, address: str) -> dict[str, Any]:
    """The record in the words of schema.org; only what is known."""
    content, work = practice.content, citation(practice)
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _TYPES.get(content.record_type, "Article"),
        "@id": address,
        "url": address,
        "headline": work.title,
        "name": work.title,
        "inLanguage": work.language,
        "dateModified": practice.updated_at.date().isoformat(),
        "version": str(practice.version),
    }
    kind = "Person" if content.authors else "Organization"
    optional = {
        "abstract": work.abstract,
        "datePublished": work.date,
        "keywords": ", ".join(work.keywords),
        "publisher": work.publisher and {"@type": "Organization", "name": work.publisher},
        "author": [{"@type": kind, "name": name} for name in work.authors],
        "isBasedOn": [url for url in work.urls if url != address],
        "citation": [row.citation for row in content.references if row.citation],
        "contentLocation": _location(content),
    }
    return made | {name: value for name, value in optional.items() if value}


def _location(content: PracticeIn) -> dict[str, str]:
    place = content.place
    if place is None or not (place.name or place.country):
        return {}
    country = vocabulary("countries").label(place.country) if place.country else ""
    return {"@type": "Place", "name": ", ".join(filter(None, (place.name, country)))}


def source_line(content: PracticeIn, labels: Labels) -> str:
    """Where the record came from, in one line for the foot of its page."""
    names = [labels.sources.get(item.source, item.source) for item in content.provenance]
    return ", ".join(dict.fromkeys(filter(None, names)))
