"""Pages from files on this machine: a listing that was downloaded, or a folder of saved pages."""

import mimetypes
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from crawlers.page import Page, archived
from crawlers.source import Source
from kb.errors import FileUnreadable

# A saved web page may say in its first line where it came from.
_ADDRESS = re.compile(rb"\s*(?:<!doctype html>\s*)?<!--\s*page:\s*(https?://[^\s>]+)", re.I)

# The address of a copy in a web archive holds its moment and the original address.
_ARCHIVED = re.compile(
    r"https?://[^/]+/(?:[\w-]+/)?(?P<stamp>\d{14})(?:[a-z]{2}_)?/(?P<original>https?://.+)", re.I
)


def pages_from(path: Path, source: Source) -> Iterator[Page]:
    """The page in a file, or those in a folder that have a name this source reads.

    Raises FileUnreadable when there is none, or one cannot be read.
    """
    found = [path]
    if path.is_dir():
        found = sorted({file for name in source.files for file in path.glob(name)})
        if not found:
            raise FileUnreadable(
                f"{path} holds no {' or '.join(source.files)}, which is what '{source.id}' reads."
            )
    for file in found:
        yield page_from(file, source.home)


def page_from(file: Path, address: str, *, read_at: datetime | None = None) -> Page:
    """One file as a page. Its address is the one it states itself, else `address`.

    When that is the address of a copy in a web archive, the page is that copy of the original.

    It counts as read when the file was written, unless `read_at` says otherwise.
    Raises FileUnreadable.
    """
    try:
        body, modified = file.read_bytes(), file.stat().st_mtime
    except OSError as error:
        raise FileUnreadable(f"{file} cannot be read: {error.strerror}") from error
    stated = _ADDRESS.match(body[:2000])
    page = Page(
        url=stated[1].decode("ascii", "replace") if stated else address,
        body=body,
        content_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
        fetched_at=read_at or datetime.fromtimestamp(modified, UTC),
    )
    copy = _ARCHIVED.match(page.url)
    if copy is None:
        return page
    try:
        moment = datetime.strptime(copy["stamp"], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return page
    return archived(page, copy["original"], moment, page.url)
