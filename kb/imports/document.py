"""A text document as one record: its title, what is printed about it, and its text by sections.

The text belongs to the document: it is marked as read in full, and its licence as not known unless
one is printed in it.
"""

import hashlib
import re
from datetime import date
from pathlib import PurePath
from typing import Any

from kb.database import now
from kb.errors import FileUnreadable, TermUnknown
from kb.exports.gate import BROUGHT_IN
from kb.imports.bylines import people_of
from kb.imports.headings import (
    Section,
    known_heading,
    lines_of,
    plain,
    running_lines,
    sections,
)
from kb.records import FIELD
from kb.records.identity import slug
from kb.records.rules import word_count
from kb.vocabularies import vocabulary

SOURCE = BROUGHT_IN

# What documents print about themselves, as "Label: value", "Label<tab>value" or, in a list of such
# lines, "Label value".
_LABELS = {
    "title": ("title",),
    "author": ("author", "authors", "written by", "report by"),
    "publisher": ("developed by", "originating organisation", "publisher", "published by"),
    "date": ("date approved", "publication date", "published", "date published", "date"),
    "urn": ("original urn", "urn"),
    "keywords": ("key words", "keywords"),
    "licence": ("licence", "license"),
}
# Printed in the same lists, of no use to the record; known so as not to be taken for headings.
_OTHER_LABELS = (
    "version number",
    "indicative review date",
    "validity",
    "status",
    "relevant occupations",
    "suite",
)
_SURE_WITHOUT_COLON = {
    "developed by",
    "originating organisation",
    "date approved",
    "original urn",
    "key words",
    "keywords",
    *_OTHER_LABELS,
}
_ALL_LABELS = sorted(
    [*(name for names in _LABELS.values() for name in names), *_OTHER_LABELS], key=len, reverse=True
)
_PRINTED = re.compile(
    rf"^\**(?P<label>{'|'.join(map(re.escape, _ALL_LABELS))})\**(?P<mark>\s*:\**\s*|\t+\s*|\s+)"
    r"(?P<value>\S.*)$",
    re.IGNORECASE,
)

_NEAR = 40  # lines with text from either end

_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august"]
_MONTHS += ["september", "october", "november", "december"]
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+)?(?:(?P<month>{'|'.join(_MONTHS)})\s+)?"
    r"(?P<year>(?:19|20)\d{2})\b",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"\S+@\S+\.\S+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z'\"(\u2018\u201c])")
_TELLING = ("Overview", "Summary", "Executive summary", "Abstract", "Introduction")


def record_from(text: str, *, file_name: str, data: bytes, title: str = "") -> dict[str, Any]:
    """Fields of a record for a document. `data` is the file as read, for its hash; `title` what
    another reader takes for its title, for a document that does not mark its own.

    Raises FileUnreadable when there is no text in it.
    """
    lines = lines_of(text)
    running = running_lines(lines)
    printed, about, body = _take_printed(lines)
    urn = next(iter(printed["urn"]), "")
    code_lines = {line.strip() for line in body if urn and _starts_with_code(line, urn)}
    heads = [line for line in running if word_count(line) >= 3]
    heads += [re.sub(r"^\S+\s*", "", line) for line in code_lines if word_count(line) >= 4]
    title, dated = _title(printed, body, heads, title, file_name)
    body = _without_title(body, title, dated, running | code_lines)
    found = sections(body) or [Section("", 0, body)]
    if not found[0].text:
        raise FileUnreadable("The document holds no text.")
    other_heads = sorted(line for line in running if plain(line) != title)
    about += [f"On each page: {plain(line)}" for line in other_heads]
    about += [
        f"On a page: {plain(line)}"
        for line in sorted(code_lines - running)
        if _tells_more(line, f"{title} {urn}")
    ]
    about += [f"Title: {one}" for one in printed["title"] if one != title]
    if about:
        found.append(Section("About this document", 1, about))
    values = {
        "record_type": _record_type(found),
        "title": _short(title, FIELD["title"].words),
        "summary": _summary(found),
        "authors": [name for value in printed["author"] for name in people_of(value)],
        "publisher": next(iter(printed["publisher"]), ""),
        "published_on": _date(" ".join(printed["date"][:1]) or dated),
        "keywords": [
            *printed["urn"][:1],
            *(line for line in other_heads if re.fullmatch(r"[A-Z]+[\w/-]*\d+", line)),
            *_listed(printed["keywords"]),
        ],
        "licence": _licence(printed["licence"]),
        "read": "full",
        "body": [{"heading": part.heading, "text": part.text} for part in found],
        "provenance": [
            {
                "source": SOURCE,
                "external_id": slug(PurePath(file_name).stem, 100) or "document",
                "title": title,
                "content_hash": hashlib.sha256(data).hexdigest(),
                "captured_on": now().date().isoformat(),
                "harvest_kind": "upload",
                "format": "text",
            }
        ],
    }
    return {name: value for name, value in values.items() if value}


def _take_printed(lines: list[str]) -> tuple[dict[str, list[str]], list[str], list[str]]:
    """What the document prints about itself: by kind, and as lines; and the other lines.

    Looked for near the beginning and the end, where documents print it.
    """
    kinds = {label: kind for kind, labels in _LABELS.items() for label in labels}
    printed: dict[str, list[str]] = {kind: [] for kind in _LABELS}
    about: list[str] = []
    rest: list[str] = []
    filled = [at for at, line in enumerate(lines) if line.strip()]
    outer = {*filled[:_NEAR], *filled[-_NEAR:]}
    for at, line in enumerate(lines):
        match = _PRINTED.match(line.strip()) if at in outer else None
        if match is None or not _states(match):
            rest.append(line)
            continue
        value = plain(match["value"])
        kind = kinds.get(match["label"].lower())
        if kind and value not in printed[kind]:
            printed[kind].append(value)
        if kind != "title":
            about.append(f"{match['label'].capitalize()}: {value}")
    return printed, about, rest


def _states(match: re.Match[str]) -> bool:
    """Whether a line that begins with a label is one: by its colon or tab, or a sure label."""
    if ":" in match["mark"] or "\t" in match["mark"]:
        return True
    value = match["value"]
    sure = match["label"].lower() in _SURE_WITHOUT_COLON
    return sure and word_count(value) <= 25 and not value.endswith(".")


def _starts_with_code(line: str, urn: str) -> bool:
    """Whether a line begins with the document's own number: a page's running head."""
    letters = re.sub(r"[^a-z0-9]", "", line.lower())
    return letters.startswith(re.sub(r"[^a-z0-9]", "", urn.lower()))


def _tells_more(line: str, told: str) -> bool:
    """Whether a line that begins with the document's number holds words that are told nowhere."""
    words = re.findall(r"[^\W\d_]+", line.lower())
    return not set(words) <= set(re.findall(r"[^\W\d_]+", told.lower()))


def _title(
    printed: dict[str, list[str]], body: list[str], heads: list[str], read: str, file_name: str
) -> tuple[str, str]:
    """The document's title and, where its opening lines carry a date, the line that does.

    In this order: a line that says "Title:"; the running head of its pages; the first heading
    without a number or date; what another reader `read`; the first line that could be one; the
    name of the file.
    """
    if printed["title"]:
        return printed["title"][0], ""
    if heads:
        return plain(max(heads, key=len)), ""
    opening = _opening_headings(body)
    named = [head for head in opening if not re.match(r"\d", head) and not known_heading(head)]
    dated = next((head for head in named if _date_with_month(head)), "")
    for head in [head for head in named if head != dated] or named:
        return head, dated
    if read:
        return read, ""
    for line in body[:40]:
        text = plain(line)
        if 3 <= word_count(text) <= 25 and text[0].isupper() and not text.endswith((".", ":", ";")):
            return text, ""
    words = re.sub(r"[-_]+", " ", PurePath(file_name).stem).strip()
    return words.capitalize() or "Untitled document", ""


def _opening_headings(body: list[str]) -> list[str]:
    """The Markdown headings that come before any text."""
    heads: list[str] = []
    for line in body:
        if not line.strip():
            continue
        match = re.match(r"#{1,6}\s+(.+?)\s*#*$", line.strip())
        if not match:
            break
        heads.append(plain(match[1]))
    return heads


def _without_title(body: list[str], title: str, dated: str, heads: set[str]) -> list[str]:
    """The lines without what returns on each page and without the line that is the title.

    An opening heading with a date says where the document comes from: it stays, as text. A
    document that is nothing but its title keeps it.
    """
    kept = []
    first = next((line for line in body if line.strip()), "")
    for line in body:
        text = plain(line.strip().lstrip("#").rstrip("#"))
        is_title = text == title and (line is first or line.strip().startswith("#"))
        if is_title or line.strip() in heads:
            continue
        kept.append(text if dated and text == dated else line)
    return kept if any(line.strip() for line in kept) else body


def _record_type(found: list[Section]) -> str:
    heads = " ".join(part.heading.lower() for part in found)
    is_standard = "performance criteria" in heads and "knowledge and understanding" in heads
    return "standard" if is_standard else "paper"


def _summary(found: list[Section]) -> str:
    """The first sentences of what introduces the document, within the limit of a summary."""
    telling = [part for part in found if part.heading in _TELLING]
    limit = FIELD["summary"].words or 100
    chosen: list[str] = []
    # Without a heading that tells, the first section that holds whole sentences.
    telling = telling or [part for part in found if word_count(part.text) >= 20] or found
    for paragraph in telling[0].text.split("\n\n"):
        text = plain(re.sub(r"\s+", " ", paragraph))
        for sentence in _SENTENCE_END.split(text):
            if _EMAIL.search(sentence):
                continue
            if word_count(" ".join([*chosen, sentence])) > limit:
                return " ".join(chosen) or _short(sentence, limit)
            chosen.append(sentence)
    return " ".join(chosen)


def _short(text: str, limit: int | None) -> str:
    if limit is None or word_count(text) <= limit:
        return text
    return " ".join(text.split()[:limit]) + "…"


def _listed(values: list[str]) -> list[str]:
    return [item.strip() for value in values for item in re.split(r"[;,]", value) if item.strip()]


def _date_with_month(text: str) -> bool:
    match = _DATE.search(text)
    return bool(match and match["month"])


def _date(text: str) -> str:
    match = _DATE.search(text)
    if not match:
        return ""
    if not match["month"]:
        return match["year"]
    month = _MONTHS.index(match["month"].lower()) + 1
    try:
        return date(int(match["year"]), month, int(match["day"] or 0)).isoformat()
    except ValueError:
        return f"{match['year']}-{month:02d}"


def _licence(values: list[str]) -> str:
    for value in values:
        try:
            return vocabulary("licences").resolve(value)
        except TermUnknown:
            continue
    return "unknown"
