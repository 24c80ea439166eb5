"""The worker's part in uploads: reads a document that was handed in, and writes what it says.

The door for the site, with the shape of the answer, stands in kb/imports/uploads.py.
"""

import io
import re
import zipfile
from typing import Any

from crawlers.draft import draft_of
from crawlers.errors import ExtractionFailed
from crawlers.extract import extract, kind_of
from crawlers.telling import TELLS_NOTHING
from kb.database import now, session_scope
from kb.file_kinds import KINDS, taken
from kb.imports import uploads
from kb.imports.uploads import Upload

_TO_DO = {
    "macros": "Save it as .docx without macros, and hand that in.",
    "polyglot": "Save the document anew from the program that made it, and hand that in.",
    "wrong-type": "Give the file its right ending, or save it anew, and hand that in.",
    "password": "Save a copy without the password, and hand that in.",
    "needs-ocr": "Have the text recognised by a scanner program, or type in what matters.",
    "no-text": "Hand in a file that holds text, or type it in.",
    "unsupported": f"Taken are {taken(to_read=True)}; or paste the text.",
    "too-large": "Save it without pictures, or paste the text.",
    "too-slow": "Save it without pictures, or paste the text.",
}
_ELSE = "Save it anew as .docx or PDF, or paste the text."
SAMPLE = """Scanning

In 2003 burglary rose in Marsh Lane, Leeds. Thieves came by the back alleys of terraced houses.

Analysis

Leeds City Council and West Yorkshire Police looked at 214 burglaries.

Response

The project began in March 2003 and gates were fitted in 12 alleys. The gates cost \u00a324,000.

Assessment

Burglary fell by 42 per cent in a year, against 5 per cent elsewhere.
"""
"""Holds something of each kind that is looked for."""
_NOT_IT = "It may be the wrong document, or only a part of it."


def read_upload(payload: dict[str, Any]) -> None:
    """The job `upload.read`: read the document, keep what was found or why not, drop the file."""
    upload_id = payload["upload"]
    with session_scope() as session:
        row = session.get(Upload, upload_id)
    if row is None or row.state != "waiting":
        return
    file = uploads.file_of(upload_id)
    try:
        found = _found(row.file_name, file.read_bytes(), row.content_type)
    except FileNotFoundError:
        _answer(
            upload_id,
            state="refused",
            code="lost",
            reason="The file is no longer here. Hand it in again.",
        )
    except ExtractionFailed as error:
        _answer(upload_id, state="refused", code=error.code, reason=reason_of(error))
    else:
        _answer(upload_id, state="read", found=row.found | found)
    file.unlink(missing_ok=True)


def get_ready() -> None:
    """Read a document of our own, so that the first one handed in finds all loaded."""
    _found("ready.txt", SAMPLE.encode(), "text/plain")


def _found(name: str, body: bytes, content_type: str) -> dict[str, Any]:
    refuse_odd(name, body, content_type)
    return draft_of(extract(name, body, content_type))


def title_or_refusal(name: str, body: bytes) -> tuple[str, str]:
    """What a document is called ("" when it does not say), and why no record can be made of it
    with what to do ("" when one can).

    For the doors other than the site's, which hold a document to the same.
    """
    try:
        refuse_odd(name, body)
        found = extract(name, body)
    except ExtractionFailed as error:
        return "", reason_of(error)
    why = f"{TELLS_NOTHING} {_NOT_IT}" if found.tells_nothing else found.minutes
    return found.title, why


def _answer(upload_id: str, **changes: Any) -> None:
    with session_scope(write=True) as session:
        row = session.get(Upload, upload_id)
        if row is not None:
            for name, value in changes.items():
                setattr(row, name, value)
            row.read_at = now()
            session.add(row)


def reason_of(error: ExtractionFailed) -> str:
    """Why no text can be had from a document, and what to do, in whole sentences."""
    reason = error.reason.removesuffix(".")
    return f"{reason[:1].upper()}{reason[1:]}. {_TO_DO.get(error.code, _ELSE)}"


def refuse_odd(name: str, body: bytes, content_type: str = "") -> None:
    """Raise ExtractionFailed for a file that is not plainly what its name says, or holds macros.

    What people hand in may be made to harm whoever opens it next, so it is held to more than a page
    that was crawled.
    """
    kind = kind_of(name, body, content_type)
    if kind == "docx":
        _refuse_macros(name, body)
    packed = zipfile.is_zipfile(io.BytesIO(body))
    pdf = b"%PDF-" in body[:1024]
    if (packed and kind != "docx") or (pdf and not body.lstrip().startswith(b"%PDF-")):
        raise ExtractionFailed(name, "polyglot", "it is two kinds of file in one")
    ending = "." + name.lower().rpartition(".")[2] if "." in name else ""
    known = KINDS[kind]
    if ending not in known.endings and (ending or kind != "text"):
        raise ExtractionFailed(
            name,
            "wrong-type",
            f"its name ends in {ending or 'nothing'}, but what it holds is {known.label}",
        )


def _refuse_macros(name: str, body: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = packed.namelist()
    except zipfile.BadZipFile:
        raise ExtractionFailed(name, "broken", "it is not a proper Word file") from None
    if any(
        re.search(r"vba(?:Project|Data)|/activeX/|/embeddings/.*\.bin$", item) for item in names
    ):
        raise ExtractionFailed(name, "macros", "it holds macros or other programs")
