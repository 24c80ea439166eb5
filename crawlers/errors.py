"""Errors of crawling; the whole tree stands in kb/errors.py.

CrawlError                  a crawl, or one page of it, cannot go on
├── SourceUnknown           no source file or directory entry has this id
├── SourceExists            a new source would overwrite one that is there
├── RunInProgress           another process crawls the same source
├── PageUnreadable          a page is not of the kind that was expected
└── LayoutChanged           what a source looks for is no longer on its page
"""

from collections.abc import Iterable

from kb.errors import KbError


class CrawlError(KbError):
    """Base of the errors of this folder."""


class SourceUnknown(CrawlError):
    """No source has this id; the message lists those that can be crawled."""

    def __init__(self, source_id: str, known: Iterable[str]) -> None:
        listed = ", ".join(sorted(known))
        super().__init__(
            f"There is no source '{source_id}'. "
            + (f"Known: {listed}." if listed else "The directory is empty: run `kb seed` first.")
        )


class SourceExists(CrawlError):
    """A file of this name is there already and was left alone."""


class RunInProgress(CrawlError):
    """Another process crawls this source; wait until it has ended, then try again."""

    def __init__(self, source_id: str) -> None:
        super().__init__(f"'{source_id}' is being crawled by another process; try again later.")


class PageUnreadable(CrawlError):
    """A page is not what its source expects (JSON, text); nothing was taken from it."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        super().__init__(f"{url} cannot be read: {reason}")


class LayoutChanged(CrawlError):
    """A page lacks what its source reads from it; the source file must be looked at."""

    def __init__(self, url: str, sought: str) -> None:
        self.url, self.sought = url, sought
        super().__init__(f"{url} has changed: {sought} was looked for and is not there.")
