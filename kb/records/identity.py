"""When two records are the same: canonical addresses, DOIs, and a project's title and agency."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from kb.records.practice import CASE_TYPES, PracticeIn

_TRACKING = re.compile(r"^(utm_.*|fbclid|gclid|mc_cid|mc_eid|ref|session(id)?|phpsessid)$", re.I)
_EDITION = re.compile(r"\b\d+(?:st|nd|rd|th)? ed(?:n|ition)?\b")
# What is known by who wrote it. Cases are known by who did it.
_DOCUMENT_TYPES = ("guide", "review", "paper", "standard", "toolkit")
_ARCHIVE = re.compile(
    r"^https?://(?:web\.archive\.org/web|webarchive\.nationalarchives\.gov\.uk(?:/ukgwa)?)"
    r"/\d{4,14}(?:[a-z]{2}_)?/(?P<inner>https?:/{1,2}.+)$",
    re.I,
)


def slug(text: str, limit: int = 60) -> str:
    """ASCII words joined by hyphens, cut at a word where that is possible; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    if len(words) <= limit:
        return words
    cut = words[: limit + 1].rpartition("-")[0]
    return cut or words[:limit]


def canonical_url(url: str) -> str:
    """One form of an address: no scheme, www, fragment, tracking or archive prefix."""
    archived = _ARCHIVE.match(url)
    if archived:
        url = re.sub(r"^(https?:)/([^/])", r"\1//\2", archived["inner"])
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return url.strip()
    query = urlencode(
        sorted((k, v) for k, v in parse_qsl(parts.query, True) if not _TRACKING.match(k))
    )
    path = unquote(parts.path).rstrip("/") or "/"
    return f"{host}{port}{path}" + (f"?{query}" if query else "")


def doi_in(url: str) -> str:
    """The DOI that an address of a resolver names, in small letters; "" for another address."""
    host, _, rest = canonical_url(url).partition("/")
    return rest.lower() if host in ("doi.org", "dx.doi.org") and rest.startswith("10.") else ""


def name_key(name: str) -> str:
    """A name with spelling differences taken out, for comparing organisations and people."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", " ", folded.replace("&", " and ")).strip()


def fingerprint(data: Any) -> str:
    """SHA-256 of a JSON value, whatever the order of its keys."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def identity_keys(content: PracticeIn) -> list[tuple[str, str]]:
    """What tells this record apart, as (kind, value) pairs, strongest first."""
    keys: list[tuple[str, str]] = []
    for item in content.provenance:
        for url in (item.original_url, item.document_url):
            if url:
                doi = doi_in(url)
                keys.append(("doi", doi) if doi else ("url", canonical_url(url)))
    project = project_key(content)
    if project:
        keys.append(("project", project))
    keys += [("document", key) for key in _document_keys(content)]
    return list(dict.fromkeys(keys))


def project_key(content: PracticeIn) -> str | None:
    """Title and leading agency of a case; None when the title is too short to mean one project.

    The same project is entered for an award in several years, so the year is not part of it.
    """
    if content.record_type not in CASE_TYPES or not content.partners:
        return None
    title = name_key(content.title)
    agency = name_key(content.partners[0].organisation)
    if not agency or len(title.split()) < 2:
        return None
    return f"{title}|{agency}"


def author_key(name: str) -> str:
    """Surname and first initial, however a name is written.

    >>> author_key("Michael S. Scott"), author_key("Scott, M. S.")
    ('scott m', 'scott m')
    """
    last, comma, first = name.partition(",")
    if not comma:
        first, _, last = name.strip().rpartition(" ")
    return f"{name_key(last)} {name_key(first)[:1]}".strip()


def _document_keys(content: PracticeIn) -> Iterator[str]:
    """Each title of a document, as here and at its sources, with its first author."""
    if content.record_type not in _DOCUMENT_TYPES or not content.authors:
        return
    author = author_key(content.authors[0])
    for title in (content.title, *(item.title for item in content.provenance)):
        name = " ".join(_EDITION.sub(" ", name_key(title or "")).split())
        if name and author:
            yield f"{name}|{author}"


def new_id(content: PracticeIn, salt: str) -> str:
    """An id for a new record: readable, and made unique by a hash of what it came from."""
    digest = hashlib.sha256(salt.encode()).hexdigest()[:6]
    return f"{slug(content.title) or 'record'}-{digest}"
