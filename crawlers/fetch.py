"""Fetching pages: the only code that asks another site for anything.

It says who it is, obeys robots.txt, asks a site for one page at a time with a pause, waits when it
is told to, and takes no more bytes, time or redirects than the settings allow. Every hop of a
redirect is judged like a new address.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import httpcore
import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from crawlers.addresses import Resolver, WebAddress, check_address, look_up
from crawlers.answers import (
    REDIRECTS,
    Answer,
    next_hop,
    page_of,
    refuse_announced,
    refuse_failure,
    refuse_no_head,
    retry_after,
)
from crawlers.connection import GuardedTransport, deadline
from crawlers.errors import (
    AddressRefused,
    BodyUnreadable,
    ContactMissing,
    FetchFailed,
    RateLimited,
    RedirectRefused,
    ServerFailed,
    TooSlow,
    Unreachable,
)
from crawlers.kept_pages import PageStore
from crawlers.page import Page
from crawlers.refusals import refuse_what_is_no_page
from crawlers.robots import MOST_BYTES as MOST_ROBOTS_BYTES
from crawlers.site_rules import SiteRules
from crawlers.turns import Sleep, Turns
from crawlers.unpack import ACCEPTED, unpacked
from kb.settings import settings

ROBOT = "SaferPracticeBot"
"""The name by which robots.txt can speak of this crawler."""

_ATTEMPTS = 3
_ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.5"


def user_agent() -> str:
    """Who crawls, with a contact. Raises ContactMissing when the setting is empty."""
    contact = settings().crawler_contact.strip()
    if not contact:
        raise ContactMissing
    return f"{ROBOT}/{version('safer-practice')} (+{contact})"


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page with what its fetching showed: `changed` is false when the kept one still holds."""

    page: Page
    changed: bool
    hops: tuple[str, ...]
    """Every address asked on the way, the first one included."""


class Fetcher:
    """Fetches pages, and keeps them in a PageStore when it is given one.

    `resolve` looks up names and `sleep` waits. Use it with `with`, or close it.
    """

    def __init__(
        self,
        store: PageStore | None = None,
        *,
        resolve: Resolver = look_up,
        sleep: Sleep = time.sleep,
    ) -> None:
        self._agent = user_agent()
        self._store = store
        self._sleep = sleep
        self._turns = Turns(sleep)
        self._rules = SiteRules(self._ask_for_rules)
        self._client = httpx.Client(
            transport=GuardedTransport(resolve),
            trust_env=False,
            follow_redirects=False,
            timeout=settings().crawler_seconds,
        )

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def page(self, url: str) -> Page:
        """The page at an address, as it is now. Raises a FetchFailed that says why not."""
        return self.fetch(url).page

    def fetch(self, url: str, *, accept: Mapping[str, str] | None = None) -> Fetched:
        """Fetch a page, asking only for what has changed when it is kept already.

        `accept` are further headers, such as Accept-Datetime. Raises a FetchFailed.
        """
        asked = check_address(url).url
        wanted = accept or {}

        def ask(address: WebAddress) -> Answer:
            conditions = self._store.conditions(asked, address.url) if self._store else {}
            return self._ask(address, {**conditions, **wanted})

        address, answer, hops = self._follow(asked, ask)
        moment = datetime.now(UTC)
        if answer.status == 304:
            conditions = self._store.conditions(asked, address.url) if self._store else {}
            kept = self._store.newest(asked) if self._store and conditions else None
            if self._store is None or kept is None:
                raise ServerFailed(asked, "it answers that nothing has changed, unasked")
            self._store.seen_again(asked, moment)
            return Fetched(kept, changed=False, hops=hops)
        page = page_of(address.url, answer, moment)
        refuse_what_is_no_page(asked, page)
        changed = self._store.keep(asked, page) if self._store else True
        return Fetched(page, changed=changed, hops=hops)

    def head(self, url: str) -> Fetched:
        """What a site says of a page without sending it: the body is empty, and nothing is kept.

        Raises HeadRefused when the site does not answer that with a page, though it may have one;
        otherwise a FetchFailed.
        """
        address, answer, hops = self._follow(
            check_address(url).url, lambda address: self._ask(address, {}, method="HEAD")
        )
        return Fetched(page_of(address.url, answer, datetime.now(UTC)), changed=True, hops=hops)

    def _follow(
        self, asked: str, ask: Callable[[WebAddress], Answer]
    ) -> tuple[WebAddress, Answer, tuple[str, ...]]:
        """Ask, and go where redirects lead: the last address, its answer, and every address."""
        hops: list[str] = []
        address = check_address(asked)
        while True:
            if address.url in hops:
                raise RedirectRefused(asked, f"its redirects lead in a circle at {address.url}")
            hops.append(address.url)
            self._rules.obey(address, ROBOT)
            answer = ask(address)
            if answer.status not in REDIRECTS:
                return address, answer, tuple(hops)
            if len(hops) > settings().crawler_redirects:
                raise RedirectRefused(asked, f"it is redirected more than {len(hops) - 1} times")
            address = next_hop(address, answer)

    def sitemaps(self, url: str) -> list[str]:
        """Addresses of sitemaps that the robots.txt of a site names. Raises RobotsRefused."""
        return self._rules.of(check_address(url)).sitemaps

    def _ask_for_rules(self, address: WebAddress) -> Answer:
        return self._ask(address, {}, pause=0.0, most=MOST_ROBOTS_BYTES, gone_is_fine=True)

    # --- one request

    def _ask(
        self,
        address: WebAddress,
        headers: Mapping[str, str],
        *,
        pause: float | None = None,
        most: int | None = None,
        gone_is_fine: bool = False,
        method: str = "GET",
    ) -> Answer:
        """Ask for one address, again when the site fails for the moment."""
        limit = int(settings().crawler_megabytes * 1_000_000) if most is None else most
        tries = Retrying(
            stop=stop_after_attempt(_ATTEMPTS),
            retry=retry_if_exception_type((ServerFailed, Unreachable, _TryLater)),
            wait=_wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return tries(self._ask_once, address, headers, pause, limit, gone_is_fine, method)
        except _TryLater as error:
            raise RateLimited(address.url, "it answers that it is asked too often") from error

    def _ask_once(
        self,
        address: WebAddress,
        headers: Mapping[str, str],
        pause: float | None,
        most: int,
        gone_is_fine: bool,
        method: str,
    ) -> Answer:
        if pause is None:
            pause = max(settings().crawler_delay, self._rules.of(address).delay(ROBOT))
        with (
            self._turns.turn(address.url, address.site, pause),
            deadline(address.url, settings().crawler_seconds),
        ):
            answer = self._exchange(address, headers, most, method)
        if answer.status in (429, 503):
            self._put_off(address, answer)
        if gone_is_fine and 400 <= answer.status < 500:
            return answer
        if method == "HEAD":
            refuse_no_head(address.url, answer)
        refuse_failure(address.url, answer)
        return answer

    def _exchange(
        self, address: WebAddress, headers: Mapping[str, str], most: int, method: str
    ) -> Answer:
        """One request and its answer, whose body is read only when it is wanted."""
        sent = {
            "Accept": _ACCEPT,
            **headers,
            "User-Agent": self._agent,
            "Accept-Encoding": ACCEPTED,
        }
        try:
            with self._client.stream(method, _checked(address), headers=sent) as response:
                found = dict(response.headers.items())
                if response.status_code != 200 or method == "HEAD":
                    return Answer(response.status_code, found, b"")
                refuse_announced(address.url, found.get("content-length", ""), most)
                packing = found.get("content-encoding", "")
                body = unpacked(address.url, response.iter_raw(), packing, most)
                return Answer(200, found, body)
        except httpcore.TimeoutException:
            raise TooSlow(address.url) from None
        except (httpcore.RemoteProtocolError, httpcore.LocalProtocolError) as error:
            raise BodyUnreadable(address.url, f"the answer is not proper HTTP ({error})") from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise Unreachable(address.url, f"the connection failed ({error})") from None
        except (AddressRefused, Unreachable) as error:
            raise type(error)(address.url, error.reason) from None
        except (httpx.InvalidURL, UnicodeError) as error:
            raise AddressRefused(address.url, f"it is not a web address ({error})") from None

    def _put_off(self, address: WebAddress, answer: Answer) -> None:
        """Obey a site that asks to come back later."""
        asked = answer.headers.get("retry-after", "")
        if not asked and answer.status == 503:
            return
        seconds = retry_after(asked)
        if seconds is not None:
            self._turns.postpone(address.site, seconds)
            longest = settings().crawler_longest_wait
            if seconds > longest:
                raise RateLimited(address.url, f"the site asks to come back after {seconds:.0f} s")
        raise _TryLater(address.url, "asked too often")


class _TryLater(FetchFailed):
    """The site says that it is asked too often; the next turn waits as long as it said."""


def _checked(address: WebAddress) -> httpx.URL:
    """The address as the client reads it: two readers that disagree would be a way in."""
    url = httpx.URL(address.url)
    if url.host != address.host or (url.port or address.port) != address.port:
        raise AddressRefused(address.url, "its host can be read in two ways")
    return url


def _wait(state: RetryCallState) -> float:
    """Seconds before the next attempt; a site that named a time has its turn put off anyway."""
    return float(2 ** (state.attempt_number - 1))
