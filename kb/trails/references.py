"""References of what a trail found: lines for reading, and RIS for reference managers."""

from collections.abc import Iterable

from kb.exports import exporters
from kb.exports.citation import citation, one_line
from kb.records import Practice
from kb.trails.report_text import day
from kb.trails.shown import HIDDEN
from kb.trails.state import ResultEntry

_RIS_END = "\r\n"


def line(result: ResultEntry, practice: Practice | None, read_on: str) -> str:
    """One reference: authors, year, title, publisher, address and when it was looked at."""
    if practice is None:
        return _sentences(result.title, result.url, f"Looked at on {read_on}")
    work = citation(practice)
    authors = ", ".join(work.authors)
    head = " ".join(text for text in (authors, f"({work.date[:4]})" if work.date else "") if text)
    address = work.urls[0] if work.urls else ""
    return _sentences(head, work.title, work.publisher, address, f"Looked at on {read_on}")


def _sentences(*texts: str) -> str:
    return ". ".join(text.rstrip(".") for text in texts if text) + "."


def ris(results: Iterable[ResultEntry], records: dict[str, Practice]) -> bytes:
    """All of them as one RIS file, in their order; pages elsewhere as electronic sources."""
    found = b""
    for result in results:
        practice = records.get(result.record)
        if practice is not None:
            found += exporters()["ris"].write([practice])
        elif result.title != HIDDEN and not result.record:
            found += _page(result)
    return found


def _page(result: ResultEntry) -> bytes:
    values = (
        ("TY", "ELEC"),
        ("TI", result.title or result.url),
        ("UR", result.url.replace(";", "%3B")),
        ("Y2", result.at.strftime("%Y/%m/%d")),
        ("N1", result.note),
        ("N1", f"Found in: {result.found_in}. Looked at on {day(result.at)}."),
        ("ER", ""),
    )
    lines = [f"{tag}  - {one_line(text)}" for tag, text in values if text or tag == "ER"]
    return (_RIS_END.join(lines) + _RIS_END * 2).encode()
