"""What this folder offers: commands, jobs, services and schedules, all imported when used."""

from collections.abc import Callable
from typing import Any

import click

from kb.later import Later, LaterCommand

COMMANDS: list[click.Command] = [
    LaterCommand(
        "crawl",
        "crawlers.crawl_commands:crawl",
        "Bring in what SOURCE holds: from its site, from web archives, or from files (--from).",
    ),
    LaterCommand(
        "sources",
        "crawlers.source_commands:sources",
        "What is known about each source, and what was brought in from it.",
    ),
    LaterCommand(
        "links",
        "crawlers.link_commands:links",
        "How the web addresses that records and sources name are doing.",
    ),
    LaterCommand(
        "extract",
        "crawlers.document_commands:extract_command",
        "Print what a document says: text, date, SARA sections, terms that fit, contacts, facts.",
    ),
    LaterCommand(
        "evaluate-structure",
        "crawlers.document_commands:evaluate_structure",
        "Measure how well texts are split into SARA sections and given terms, and facts found.",
    ),
]
JOBS: dict[str, Callable[..., Any]] = {"upload.read": Later("crawlers.uploads:read_upload")}
READIED: list[Callable[..., Any]] = [Later("crawlers.uploads:get_ready")]
SERVICES: dict[str, Callable[..., Any]] = {
    "page_title": Later("crawlers.page_titles:page_title"),
    "title_or_refusal": Later("crawlers.uploads:title_or_refusal"),
}
LONG_JOBS: dict[str, Callable[..., Any]] = {
    "crawl.run": Later("crawlers.schedule:crawl_source"),
    "links.check": Later("crawlers.link_check:check_due"),
}
SCHEDULES: list[Callable[..., Any]] = [
    Later("crawlers.schedule:queue_due"),
    Later("crawlers.link_check:queue_due"),
]
