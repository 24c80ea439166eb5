"""A trail's report as a file: Word, Markdown, CSV, RIS, or the whole log as JSON."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kb.exports import word
from kb.exports.as_markdown import escape
from kb.exports.table import disarm
from kb.settings import settings
from kb.trails import references
from kb.trails.report import Report
from kb.trails.report_text import label, minute

CSV_COLUMNS = (
    "title",
    "address",
    "record",
    "found_in",
    "noted_at",
    "useful",
    "why",
    "used_for",
    "note",
    "quote",
)


def colophon(found: Report) -> list[str]:
    """Where the report comes from and how it stood when it was made."""
    state = {"open": "still open", "paused": "paused", "closed": "closed"}[found.state.status]
    begun = f"begun {minute(found.state.opened_at)}, " if found.state.opened_at else ""
    where = f"{found.trail_id} on {settings().site_name}"
    return [
        f"Made from the search trail {where}, {minute(found.made_at)}.",
        f"The trail was {begun}holds {found.state.sequence} entries and is {state}.",
    ]


def as_docx(found: Report) -> bytes:
    """Word, with real headings, lists, and tables whose first row is marked as header."""
    document = word.new_document(found.title)
    word.add_heading(document, found.title, 1)
    for title, items in found.sections:
        word.add_heading(document, title, 2)
        for item in items:
            word.add_item(document, item)
    for text in colophon(found):
        word.add_italic(document, text)
    return word.as_file(document)


def as_markdown(found: Report) -> bytes:
    """Markdown, in which what people wrote has no mark-up of its own."""
    return "".join(_markdown(found)).encode()


def _markdown(found: Report) -> Iterator[str]:
    yield f"# {_line(found.title)}\n"
    for title, items in found.sections:
        yield f"\n## {_line(title)}\n"
        for item in items:
            yield f"\n### {_line(item.title)}\n"
            if item.text:
                yield f"\n{_text(item.text)}\n"
            yield "\n" if item.lines else ""
            for number, text in enumerate(item.lines, 1):
                yield f"{f'{number}.' if item.numbered else '-'} {_line(text)}\n"
            if item.rows:
                yield f"\n| {' | '.join(_line(cell) for cell in item.header)} |\n"
                yield f"|{' --- |' * len(item.header)}\n"
                for row in item.rows:
                    yield f"| {' | '.join(_line(cell) for cell in row)} |\n"
    yield "\n" + "  \n".join(f"*{_line(text)}*" for text in colophon(found)) + "\n"


def _line(text: str) -> str:
    return escape(" ".join(text.split()))


def _text(text: str) -> str:
    paragraphs = [part.strip() for part in text.split("\n\n") if part.strip()]
    return "\n\n".join(
        "  \n".join(escape(line.strip()) for line in part.split("\n")) for part in paragraphs
    )


def as_csv(found: Report) -> bytes:
    """One row a result, kept or rejected, with its finder's verdict, reasons and notes."""
    out = io.StringIO(newline="")
    table = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    table.writerow(CSV_COLUMNS)
    for result in found.results:
        row = (
            result.title,
            result.url,
            result.record,
            result.found_in,
            result.at.isoformat(timespec="seconds"),
            label("usefulness", result.useful),
            "; ".join(label("usefulness_reasons", code) for code in result.why),
            label("usefulness_uses", result.used_for),
            result.note,
            result.quote,
        )
        table.writerow([disarm(text) for text in row])
    return out.getvalue().encode("utf-8-sig")


def as_ris(found: Report) -> bytes:
    """The references of what was kept, for reference managers."""
    kept = [result for result in found.results if not result.rejected]
    return references.ris(kept, found.records)


def as_json(found: Report) -> bytes:
    """The report's sections as data, for other programs."""
    data = {
        "trail": found.trail_id,
        "title": found.title,
        "question": found.question,
        "made_at": found.made_at.isoformat(),
        "sections": [
            {"title": title, "items": [vars(item) for item in items]}
            for title, items in found.sections
        ],
        "colophon": colophon(found),
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


@dataclass(frozen=True)
class ReportFormat:
    """One way to write a report. `extension` has no leading dot."""

    name: str
    label: str
    media_type: str
    extension: str
    write: Callable[[Report], bytes]


FORMATS = {
    made.name: made
    for made in (
        ReportFormat(
            "docx",
            "Word",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
            as_docx,
        ),
        ReportFormat("markdown", "Markdown", "text/markdown; charset=utf-8", "md", as_markdown),
        ReportFormat("csv", "CSV (one row a result)", "text/csv; charset=utf-8", "csv", as_csv),
        ReportFormat(
            "ris", "RIS (references)", "application/x-research-info-systems", "ris", as_ris
        ),
        ReportFormat("json", "JSON", "application/json", "json", as_json),
    )
}
