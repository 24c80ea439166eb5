"""Errors of crawling; the whole tree stands in kb/errors.py.

CrawlError                  a crawl, or one page of it, cannot go on
├── SourceUnknown           no source file or directory entry has this id
├── SourceNeedsFile         a source that is read from a file was to be read over the web
├── SourceExists            a new source would overwrite one that is there
├── RunInProgress           another process crawls the same source
├── PageUnreadable          a page is not of the kind that was expected
├── LayoutChanged           what a source looks for is no longer on its page
├── ContactMissing          fetching needs the setting that says who crawls
├── FetchFailed             one page cannot be fetched; others may
│   ├── AddressRefused      an address that must not be fetched, or leads into a private network
│   ├── RobotsRefused       robots.txt forbids it, or cannot be read
│   ├── RateLimited         the site asks to wait longer than a run waits
│   ├── Blocked             the site answers with a refusal, a challenge or an empty page
│   │   └── PageEmpty       nothing at all
│   ├── PageGone            the site says that there is no such page
│   │   └── PageNotThere    it says so on a page, with a status as if all were well
│   ├── HeadRefused         the site tells nothing of a page without sending it; ask for the page
│   ├── ServerFailed        the site fails
│   ├── RedirectRefused     redirects that lead round in circles, too far or nowhere
│   ├── Unreachable         no connection
│   ├── TooLarge            more bytes than a page may have, packed or unpacked
│   ├── TooSlow             longer than a page may take
│   └── BodyUnreadable      the body is not packed as its header says
├── DiscoveryFailed         a sitemap, feed, listing or catalogue cannot be used
│   └── HarvestRefused      an OAI-PMH repository answers with one of its error codes
├── NoCapture               no web archive has a copy of the address
├── JudgedInvalid           labels to measure structuring with cannot be used
└── ExtractionFailed        no text can be had from a document, with the reason
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
            + (f"Known: {listed}. " if listed else "The directory is empty. ")
            + "`kb seed` brings in entries of seeds/sources."
        )


class SourceNeedsFile(CrawlError):
    """This source is read from a file at hand: say which with --from."""

    def __init__(self, source_id: str, files: Iterable[str]) -> None:
        super().__init__(
            f"'{source_id}' is read from a file: give {' or '.join(files)}, or the folder that "
            "holds it, with --from."
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


class ContactMissing(CrawlError):
    """Who crawls must be told: nothing is fetched until the setting is filled in."""

    def __init__(self) -> None:
        super().__init__(
            "Set KB_CRAWLER_CONTACT to an e-mail address or web page first: sites are told who "
            "fetches their pages and whom to ask to stop."
        )


class FetchFailed(CrawlError):
    """A page cannot be fetched; `url` names it and `reason` says why."""

    said = "cannot be fetched"

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(f"{url} {self.said}: {reason}.")

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.url, self.reason)


class AddressRefused(FetchFailed):
    """An address must not be fetched: odd in form, or it leads into a private network."""

    said = "must not be fetched"


class RobotsRefused(FetchFailed):
    """The site's robots.txt forbids the page, or could not be read; ask the site, or leave it."""

    said = "may not be fetched"


class RateLimited(FetchFailed):
    """The site asks for a longer pause than a run makes; run again after that."""

    said = "must wait"


class Blocked(FetchFailed):
    """The site refused, asked for a proof of being human, or sent nothing; ask the site."""

    said = "is blocked"


class PageEmpty(Blocked):
    """The site sent nothing at all."""

    def __init__(self, url: str, reason: str = "the page is empty") -> None:
        super().__init__(url, reason)


class PageGone(FetchFailed):
    """There is no such page any more; look for a copy in a web archive."""

    said = "is gone"


class PageNotThere(PageGone):
    """A page that says that the page is not there; look for a copy in a web archive."""

    said = "is not there"


class HeadRefused(FetchFailed):
    """The site tells nothing of a page without sending it; ask for the page itself."""


class ServerFailed(FetchFailed):
    """The site itself fails; try again later."""


class RedirectRefused(FetchFailed):
    """Redirects lead round in circles, too far or nowhere."""


class Unreachable(FetchFailed):
    """There is no connection to the site; try again later."""


class TooLarge(FetchFailed):
    """A page, or what it unpacks to, has more bytes than the setting allows."""

    def __init__(self, url: str, limit: str) -> None:
        super().__init__(url, limit)


class TooSlow(FetchFailed):
    """A page took longer than the setting allows."""

    def __init__(self, url: str, reason: str = "it takes longer than KB_CRAWLER_SECONDS") -> None:
        super().__init__(url, reason)


class BodyUnreadable(FetchFailed):
    """A body that is not packed in the way its header says."""


class DiscoveryFailed(CrawlError):
    """A sitemap, feed, listing or catalogue cannot be used; `url` names it."""

    def __init__(self, url: str, reason: str) -> None:
        self.url, self.reason = url, reason
        super().__init__(f"{url} cannot be used: {' '.join(reason.split())}.")


class HarvestRefused(DiscoveryFailed):
    """An OAI-PMH repository answered with an error; `code` is the protocol's name for it."""

    def __init__(self, url: str, code: str, message: str) -> None:
        self.code = code
        super().__init__(url, f"the repository answers {code}" + (f" ({message})" * bool(message)))


class NoCapture(CrawlError):
    """No web archive that was asked has a copy; `tried` says what each answered.

    `sure` is false when one could not be asked properly, so that there may be a copy after all.
    """

    def __init__(self, url: str, tried: Iterable[str], *, sure: bool = True) -> None:
        self.url, self.tried, self.sure = url, list(tried), sure
        super().__init__(f"No archived copy of {url} was found: {'; '.join(self.tried)}.")


class JudgedInvalid(CrawlError):
    """A labelled text cannot be used; the message names it and what is wrong."""


class ExtractionFailed(CrawlError):
    """No text can be had from a document; `code` is a short name for the reason."""

    def __init__(self, name: str, code: str, reason: str) -> None:
        self.name, self.code, self.reason = name, code, reason
        super().__init__(f"{name} gives no text: {reason}.")
