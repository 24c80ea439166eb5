"""The robots.txt of each site, read once a day. A failure counts as a refusal, and not for long."""

import time
from collections.abc import Callable

from crawlers.addresses import WebAddress, check_address
from crawlers.answers import REDIRECTS, Answer, next_hop
from crawlers.errors import (
    AddressRefused,
    FetchFailed,
    RedirectRefused,
    RobotsRefused,
    ServerFailed,
)
from crawlers.robots import Robots

_KEPT = 24 * 3600.0
_FAILURE_KEPT = 600.0
_MOST_REDIRECTS = 5  # at least as many must be followed


class SiteRules:
    """The rules of every site that was asked; `ask` gives the answer at an address."""

    def __init__(self, ask: Callable[[WebAddress], Answer]) -> None:
        self._ask = ask
        self._known: dict[str, tuple[float, Robots | RobotsRefused]] = {}

    def obey(self, address: WebAddress, robot: str) -> None:
        """Raise RobotsRefused for a page that its site lets no such robot fetch."""
        if not self.of(address).allows(robot, address.url):
            raise RobotsRefused(address.url, f"{address.site}/robots.txt forbids it")

    def of(self, address: WebAddress) -> Robots:
        """The rules of the site of an address. Raises RobotsRefused when they cannot be read."""
        ends, known = self._known.get(address.site, (0.0, None))
        if known is None or time.monotonic() > ends:
            try:
                known = self._read(address)
            except AddressRefused:
                raise
            except FetchFailed as error:
                known = RobotsRefused(address.url, f"its robots.txt cannot be read ({error})")
            kept = _KEPT if isinstance(known, Robots) else _FAILURE_KEPT
            self._known[address.site] = (time.monotonic() + kept, known)
        if isinstance(known, RobotsRefused):
            raise RobotsRefused(address.url, known.reason)
        return known

    def _read(self, address: WebAddress) -> Robots:
        """robots.txt of a site: none (4xx) means no rules, but "too many requests" does not."""
        at = check_address(f"{address.site}/robots.txt")
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._ask(at)
            if answer.status not in REDIRECTS:
                break
            at = next_hop(at, answer)
        else:
            raise RedirectRefused(at.url, f"it is redirected more than {_MOST_REDIRECTS} times")
        if answer.status >= 400:
            return Robots("")
        if answer.status != 200:
            raise ServerFailed(at.url, f"it answers with status {answer.status}")
        return Robots(answer.body.decode("utf-8", "replace"))
