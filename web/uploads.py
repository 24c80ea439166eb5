"""Forms that carry files: read in a stream, with limits, into a folder that goes afterwards."""

import secrets
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from kb.errors import InputInvalid
from kb.files import most_bytes, most_megabytes, safe_name
from kb.settings import settings

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MOST_FILES = 5
_MOST_HEADER = 8_000
_MOST_DRAINED = 1_000_000_000
_STALE_SECONDS = 3600


class UploadTooLarge(InputInvalid):
    """More was sent than a form with files may hold; nothing of it was kept."""


@dataclass(frozen=True)
class Upload:
    """A file that was sent. It is gone when the request is answered, unless it is moved away."""

    name: str
    path: Path
    size: int


@dataclass
class Received:
    """What a form with files held."""

    pairs: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, Upload]] = field(default_factory=list)


def carries_files(request: Request) -> bool:
    """Whether the body is a form with files."""
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


@asynccontextmanager
async def receiving(request: Request, *, most_text: int) -> AsyncIterator[Received]:
    """The form, its files in a folder of their own that goes at the end, whatever happens.

    Raises UploadTooLarge, InputInvalid.
    """
    _, options = parse_options_header(request.headers["content-type"])
    boundary = options.get(b"boundary", b"")
    if not 1 <= len(boundary) <= 200:
        raise InputInvalid("The form could not be read. Open the page again and retry.")
    incoming = settings().home / "incoming"
    _sweep(incoming)
    folder = incoming / secrets.token_hex(8)
    folder.mkdir(parents=True, mode=0o700)
    reader = _Reader(folder, most_text)
    try:
        parser = MultipartParser(boundary, reader.callbacks())
        total = 0
        async for chunk in request.stream():
            total += len(chunk)
            if reader.problem is None:
                try:
                    parser.write(chunk)
                except FormParserError:
                    reader.problem = InputInvalid("The form could not be read. Send it again.")
                except InputInvalid as problem:
                    reader.problem = problem
            # A browser shows the answer only when it could send all: the rest is thrown away.
            if total > _MOST_DRAINED:
                break
        reader.close()
        if reader.problem is not None:
            raise reader.problem
        yield reader.received
    finally:
        reader.close()
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(incoming: Path) -> None:
    """Take away what a process that was killed left behind."""
    if not incoming.is_dir():
        return
    for left in incoming.iterdir():
        if left.stat().st_mtime < time.time() - _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


class _Reader:
    """Takes the parser's pieces and puts them together."""

    def __init__(self, folder: Path, most_text: int) -> None:
        self.folder, self.most_text = folder, most_text
        self.received = Received()
        self.problem: InputInvalid | None = None
        self.text_bytes = 0
        self.file: BinaryIO | None = None
        self._start()

    def callbacks(self) -> "MultipartCallbacks":
        """What the parser calls."""
        return {
            "on_part_begin": self._start,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_header_field": lambda data, start, end: self._header("name", data[start:end]),
            "on_header_value": lambda data, start, end: self._header("value", data[start:end]),
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_end,
        }

    def close(self) -> None:
        """Let go of the file being written."""
        if self.file is not None:
            self.file.close()
            self.file = None

    def _start(self) -> None:
        self.header = {"name": bytearray(), "value": bytearray()}
        self.disposition = b""
        self.field, self.file_name = "", ""
        self.value = bytearray()
        self.size = 0

    def _header(self, which: str, data: bytes) -> None:
        self.header[which] += data
        if len(self.header[which]) > _MOST_HEADER:
            raise InputInvalid("The form could not be read. Send it again.")

    def _header_end(self) -> None:
        if bytes(self.header["name"]).lower() == b"content-disposition":
            self.disposition = bytes(self.header["value"])
        self.header = {"name": bytearray(), "value": bytearray()}

    def _headers_end(self) -> None:
        _, options = parse_options_header(self.disposition)
        self.field = options.get(b"name", b"").decode("utf-8", "replace")
        name = options.get(b"filename")
        if name is None:
            return
        self.file_name = name.decode("utf-8", "replace")
        if len(self.received.files) >= MOST_FILES:
            raise UploadTooLarge(f"Send at most {MOST_FILES} files at once.")
        self.path = self.folder / secrets.token_hex(8)
        self.file = self.path.open("wb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self.file is None:
            self.text_bytes += end - start
            if self.text_bytes > self.most_text:
                raise UploadTooLarge(
                    f"That is more than {self.most_text // 1000} kB of text, so nothing was kept."
                )
            self.value += data[start:end]
            return
        self.size += end - start
        if self.size > most_bytes():
            raise UploadTooLarge(
                f"The file is larger than {most_megabytes()} MB, so nothing was kept. Make "
                "it smaller, or send the part that matters."
            )
        self.file.write(data[start:end])

    def _end(self) -> None:
        if self.file is None:
            self.received.pairs.append((self.field, self.value.decode("utf-8", "replace")))
            return
        self.close()
        # A box in which no file was chosen sends an empty one without a name.
        if self.file_name:
            upload = Upload(safe_name(self.file_name), self.path, self.size)
            self.received.files.append((self.field, upload))
