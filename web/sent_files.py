"""Giving out files that people sent in, so that a browser never runs what is in them."""

from urllib.parse import quote

from starlette.responses import FileResponse, Response

from kb.curation.models import Attachment
from kb.file_kinds import KINDS
from kb.files import place
from web.errors import PageNotFound

# Nothing of the file may run or load anything, even where a browser shows it instead of saving it.
_SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"


def give(row: Attachment) -> Response:
    """The file, to be saved under its name. Raises PageNotFound when it is gone."""
    path = place(row.id)
    if not path.is_file():
        raise PageNotFound("This file is not here any more.")
    plain = row.name.encode("ascii", "replace").decode().replace('"', "'").replace("?", "_")
    return FileResponse(
        path,
        media_type=KINDS[row.kind].media_type,
        headers={
            "Content-Disposition": (
                f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(row.name)}"
            ),
            "Content-Security-Policy": _SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "private, no-store",
            "X-Robots-Tag": "noindex",
        },
    )
