"""Scaffolding of a new source: its file, example pages, expected findings and directory entry."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib import import_module, invalidate_caches
from pathlib import Path
from typing import Any

from crawlers.errors import SourceExists
from crawlers.files import page_from
from crawlers.source import Broken, Finding, Gone, Source, source_file
from kb.errors import InputInvalid
from kb.records import PracticeIn
from kb.settings import PROJECT, settings

EXPECTED = ".expected.json"
EXAMPLES_READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""The day on which example pages count as read, so that expected findings stay the same."""

_SOURCE = '''"""{title}: say in one line what this site holds.

Say what a page of it looks like, and where that is known from.
"""

from collections.abc import Iterator

from crawlers.errors import LayoutChanged
from crawlers.page import Page
from crawlers.source import Finding, Source


class {class_name}(Source):
    """One record for each article of a page."""

    id = "{source_id}"
    title = "{title}"
    publisher = "{title}"
    country = "gb"
    licence = "unknown"
    home = "https://example.org/"
    language = "en"
    fewest = 1
    most = 1000
    fill_rates = {{"title": 1.0}}

    def records(self, page: Page) -> Iterator[Finding]:
        """Every article of a listing page."""
        articles = page.soup.select("article")
        if not articles:
            raise LayoutChanged(page.url, "an article")
        for article in articles:
            link = article.select_one("h2 a[href]")
            name = link.get_text(" ", strip=True) if link else "article without a heading"
            address = page.link(str(link["href"])) if link else ""
            yield self.record(
                name,
                {{
                    "record_type": "project",
                    "title": name,
                    "licence": self.licence,
                    "read": "listing",
                    "provenance": self.origin(
                        page,
                        external_id=address,
                        title=name,
                        read=name,
                        original_url=address,
                    ),
                }},
            )
'''
_PAGES = {
    "typical.html": """<!-- page: https://example.org/projects -->
<!-- Replace with markup that follows a real page of the site; say here where it is known from. -->
<main><article><h2><a href="/projects/1">A first project</a></h2></article></main>
""",
    "awkward.html": """<!-- page: https://example.org/projects?page=2 -->
<!-- Replace with the most awkward page that is known: empty parts, odd order, missing links. -->
<main><article><h2><a href="2">Second
  project</a></h2></article><article><p>No heading</p></article></main>
""",
}


_ENTRY = """id: {source_id}
title: {title}
owner: {title}
country: GB
in_2009_paper: false
holds: Say in a sentence what it holds and for whom.
aspects: [what]
state: live
url_now: https://example.org/
access: open
harvest: live-html
licence: unknown
licence_note: Say what its terms allow, and where they stand.
what_to_ask: Say what to ask its owner.
coverage: {{countries: [GB]}}
trusted: false
adapter:
  kind: live
  evidence:
    - https://example.org/projects
  rests_on: Say what of these pages was seen, and when.
verified: []
"""


def examples_folder(source_id: str) -> Path:
    """Where the example pages of a source stand."""
    return PROJECT / "tests" / "crawlers" / "pages" / source_id


def scaffold(source_id: str) -> list[Path]:
    """Write the files of a new source and return them; an entry in the directory is left alone.

    Raises InputInvalid for an id that cannot be one, SourceExists when a file is there already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", source_id):
        raise InputInvalid(
            f"'{source_id}' cannot be the id of a source: use small letters, digits and single "
            "hyphens, such as howard-league-awards."
        )
    title = source_id.replace("-", " ").capitalize()
    folder = examples_folder(source_id)
    wanted = {
        source_file(source_id): _SOURCE.format(
            title=title,
            class_name="".join(part.capitalize() for part in source_id.split("-")),
            source_id=source_id,
        ),
        **{folder / name: text for name, text in _PAGES.items()},
    }
    entry = settings().seeds_dir / "sources" / f"{source_id}.yaml"
    if not entry.exists():
        wanted[entry] = _ENTRY.format(source_id=source_id, title=title)
    for path in wanted:
        if path.exists():
            raise SourceExists(f"{path} is there already; nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in wanted.items():
        path.write_text(text, "utf-8")
    invalidate_caches()
    source = _source_of(source_id)
    for name in _PAGES:
        wanted[write_expected(source, folder / name)] = ""
    return list(wanted)


def _source_of(source_id: str) -> Source:
    module = import_module(f"crawlers.sources.{source_id.replace('-', '_')}")
    found = next(item for item in vars(module).values() if getattr(item, "id", None) == source_id)
    source: Source = found()
    return source


def expected_path(source: Source, page: Path) -> Path:
    """The file that holds what a source should find on an example page."""
    shared_by = f".{source.id}" if source.examples else ""
    return page.with_name(f"{page.stem}{shared_by}{EXPECTED}")


def write_expected(source: Source, page: Path) -> Path:
    """Write what the parser now finds on an example page, to be reviewed and committed."""
    path = expected_path(source, page)
    found = found_on_example(source, page)
    path.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return path


def found_on_example(source: Source, page: Path) -> dict[str, Any]:
    """What a source finds on an example page, as plain data: findings in order, and links."""
    read = page_from(page, source.home, read_at=EXAMPLES_READ_AT)
    return {"findings": as_data(source.records(read)), "links": list(source.links(read))}


def as_data(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as plain data."""
    data: list[dict[str, Any]] = []
    for item in findings:
        if isinstance(item, PracticeIn):
            # What is suggested is the classifier's, and tested with it: examples are of parsers.
            shown = {k: v for k, v in item.snapshot().items() if k != "suggested_tags"}
            data.append({"record": shown})
        elif isinstance(item, Gone):
            data.append({"gone": {"item": item.external_id, "day": item.day}})
        else:
            kind = "broken" if isinstance(item, Broken) else "doubt"
            data.append({kind: {"name": item.name, "reason": item.reason}})
    return data
