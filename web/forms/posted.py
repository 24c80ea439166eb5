"""What was posted, read with limits, and the numbers of rows that forms and addresses name."""

from collections.abc import AsyncIterator, Iterable
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Path
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.requests import Request

from kb.errors import InputInvalid
from web.uploads import Upload, carries_files, receiving
from web.visitor import SignInNeeded, visitor_of

CSRF = "csrf"
"""Name of the hidden field."""
SAFE = ("GET", "HEAD", "OPTIONS")
MAX_BYTES = 500_000
MAX_FIELDS = 2000
WITH_FILES = frozenset(
    {
        "/contribute/document",
        "/contribute/table",
        "/contribute/{entry_id}/files",
        "/desk/import",
        "/desk/vocabularies/import",
    }
)
"""Routes whose form may carry files; only those who are signed in may send any."""
_NEVER_SHOWN = {CSRF, "password", "code", "token"}


class FormTooLarge(InputInvalid):
    """More was sent than any form here holds."""


class Posted:
    """The fields of a form that was sent, in their order, and the files it carried."""

    def __init__(
        self,
        pairs: Iterable[tuple[str, str]] = (),
        files: Iterable[tuple[str, Upload]] = (),
    ) -> None:
        self.pairs = list(pairs)
        self._files = list(files)

    def files(self, name: str) -> list[Upload]:
        """The files sent under this name; they go with the request."""
        return [upload for key, upload in self._files if key == name]

    def text(self, name: str) -> str:
        """The last value of a field; empty when it was not sent."""
        return next((value for key, value in reversed(self.pairs) if key == name), "")

    def many(self, name: str) -> list[str]:
        """Every value of a field that is not empty."""
        return [value for key, value in self.pairs if key == name and value]

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self.pairs)

    def shown_again(self) -> list[tuple[str, str]]:
        """What may stand in a page so that it can be sent again: no secret."""
        return [(name, value) for name, value in self.pairs if name not in _NEVER_SHOWN]


async def read_form(request: Request) -> AsyncIterator[Posted]:
    """What was posted. Raises FormTooLarge, UploadTooLarge, InputInvalid, SignInNeeded."""
    if request.method in SAFE:
        yield Posted()
    elif carries_files(request) and route_of(request) in WITH_FILES:
        if visitor_of(request).account is None:
            raise SignInNeeded
        async with receiving(request, most_text=MAX_BYTES) as received:
            yield Posted(received.pairs, received.files)
    else:
        yield Posted(await _pairs(request))


def route_of(request: Request) -> str:
    """The pattern of the address that was asked for, such as `/records/{record_id}`."""
    return getattr(request.scope.get("route"), "path", "")


async def _pairs(request: Request) -> list[tuple[str, str]]:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise FormTooLarge(
                f"That is more than {MAX_BYTES // 1000} kB, so nothing was kept. Shorten it."
            )
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        raise InputInvalid("The form could not be read. Open the page again and retry.") from None


Form = Annotated[Posted, Depends(read_form)]
"""A parameter of this kind gets what was posted."""


class _Number(IntegerConvertor):
    """`{year:int}` in a route: without a limit, digits by the thousand cannot be made a number."""

    regex = "[0-9]{1,18}"


register_url_convertor("int", _Number())
LARGEST = 2**63 - 1
RowNumber = Annotated[int, Path(ge=0, le=LARGEST)]
"""A number in an address that a row of the store may have; others are refused."""


def row_number(text: str) -> int:
    """The number of a row, version or page as a form sends it; 0, which none has, for no number."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0
