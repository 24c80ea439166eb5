"""How often one visitor may search: enough for anybody who reads what is found.

Counted in this process's memory, by account for who is signed in and by address for others, since
a whole office may share one address.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from kb.accounts.attempts import address_key
from kb.accounts.errors import TooManyAttempts
from kb.errors import KbError
from kb.settings import settings
from web.visitor import visitor_of

_MOST_KNOWN = 20_000
_MINUTE = 60.0


class TooManySearches(TooManyAttempts):
    """More searches than the setting allows; `wait` is how long until the next one is run."""

    def __init__(self, wait: timedelta, *, signed_in: bool) -> None:
        self.wait = wait
        seconds = ceil(wait.total_seconds())
        own = (
            ""
            if signed_in
            else " If many of you share one connection, sign in: each account is counted by itself."
        )
        KbError.__init__(
            self,
            f"This search was not run, because there were more than "
            f"{settings().searches_per_minute} in a minute. Wait {seconds} "
            f"second{'s' if seconds != 1 else ''} and load the page again; what you typed stands "
            f"in its address, and nothing is lost.{own} Programs can wait as the header "
            "Retry-After says.",
        )


class SearchLimit:
    """Counts searches. `clock` gives seconds that only go up."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str, most: int) -> float:
        """Count one search of `who`; 0 when it may run, else how many seconds to wait.

        Up to `most` may come at once; after that one at a time, as the minute passes.
        """
        moment = self._clock()
        with self._lock:
            left, since = self._left.pop(who, (float(most), moment))
            left = min(float(most), left + (moment - since) * most / _MINUTE)
            wait = 0.0 if left >= 1 else (1 - left) * _MINUTE / most
            self._left[who] = (left - 1 if left >= 1 else left, moment)
            while len(self._left) > _MOST_KNOWN:
                self._left.popitem(last=False)
        return wait


def count_search(request: Request) -> None:
    """Count a search of whoever asks. Raises TooManySearches."""
    most = settings().searches_per_minute
    if not most:
        return
    visitor = visitor_of(request)
    who = visitor.account.id if visitor.account else address_key(visitor.address)
    limit: SearchLimit = request.app.state.search_limit
    wait = limit.take(who, most)
    if wait:
        raise TooManySearches(timedelta(seconds=wait), signed_in=visitor.account is not None)


CountedSearch = Annotated[None, Depends(count_search)]
"""A route with a parameter of this kind counts as a search. Raises TooManySearches."""
