"""One harvest of a repository: everything, or what changed since the harvest before it.

The moment that a harvest reached is the one at which the repository began to answer it, by the
repository's own clock, and it is kept with the run. The next asks from a day before that, so that
nothing falls between the two. Everything is asked for when there was no harvest, when the entry
asks of another set or repository than before, when the repository refuses to tell changes, and
once a month of a repository that does not tell for good what it has deleted.
"""

from collections.abc import Generator, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from sqlmodel import col, select

from crawlers.errors import DiscoveryFailed, FetchFailed, HarvestRefused
from crawlers.harvested import Repository
from crawlers.kept_pages import PageStore
from crawlers.oai import read_answer
from crawlers.page import Page
from crawlers.run import Ending
from crawlers.walk import Fetches, Missed, Walk
from kb.database import session_scope
from kb.directory.models import SourceRun

_OVERLAP = timedelta(days=1)
_WHOLE_AGAIN = timedelta(days=30)
_MOST_ANSWERS = 20_000
_BY_THE_SECOND = "YYYY-MM-DDThh:mm:ssZ"
_REFUSES_SINCE = ("badArgument", "noSetHierarchy")


class Harvest:
    """The answers of a repository in one run; `ending` tells how it went once they are read.

    With `whole`, everything is asked for, and a harvest that was stopped does not go on.
    """

    def __init__(
        self, source: Repository, *, fetcher: Fetches, store: PageStore, whole: bool = False
    ) -> None:
        self._source, self._fetcher, self._store = source, fetcher, store
        self._whole = whole
        self._since = ""
        self._last_whole = ""
        self._answered: list[str] = []
        self._missed: list[Missed] = []
        self._failures: list[str] = []

    def __iter__(self) -> Iterator[Page]:
        self._since = self._begin()
        began_again = False
        while (refused := (yield from self._answers())) is not None:
            # What cannot be gone on with is forgotten, so that the next run begins anew.
            self._store.forget_plan(self._source.id)
            code = refused.code if isinstance(refused, HarvestRefused) else ""
            if code == "badResumptionToken" and not began_again:
                began_again = True
            elif code in _REFUSES_SINCE and self._since and not self._answered:
                self._since = ""
            else:
                self._failures.append(str(refused))
                return

    def ending(self) -> Ending:
        """How it went. Only a harvest that came to its end tells how far it reached."""
        moments = [_moment(text) for text in self._answered]
        told = [moment for moment in moments if moment is not None]
        reached = {}
        if told and len(told) == len(moments):
            until = min(told).isoformat()
            reached = {
                "asked": self._source.first(),
                "until": until,
                "whole": self._last_whole if self._since else until,
                "since": self._since,
            }
        broken_off = [f"The harvest broke off: {one.reason} Run it again." for one in self._missed]
        return Ending(
            whole=not self._since,
            missed=self._missed,
            failures=[*self._failures, *broken_off],
            since=self._since,
            reached=reached,
        )

    # --- where it begins

    def _begin(self) -> str:
        """The date from which on changes are asked for; "" for everything."""
        before = {} if self._whole else self._reached()
        self._last_whole = before.get("whole", "")
        under_way = self._store.visits(self._source.id)
        since = _since(under_way[0].url) if under_way else ""
        if under_way and not (self._whole and since):
            return since
        self._store.forget_plan(self._source.id)
        return self._from(before)

    def _reached(self) -> dict[str, str]:
        """How far the newest harvest came that asked for the same as this one."""
        with session_scope() as session:
            rows = session.exec(
                select(SourceRun)
                .where(SourceRun.source_id == self._source.id, SourceRun.outcome == "done")
                .order_by(col(SourceRun.id).desc())
            )
            asked = self._source.first()
            return next((row.reached for row in rows if row.reached.get("asked") == asked), {})

    def _from(self, before: dict[str, str]) -> str:
        until = _moment(before.get("until", ""))
        if until is None:
            return ""
        try:
            able = read_answer(self._fetcher.fetch(self._source.identify).page)
        except (FetchFailed, DiscoveryFailed):
            able = None
        this_moment = (able and _moment(able.answered_at)) or until
        last_whole = _moment(before.get("whole", "")) or until
        keeps_deletions = able is not None and able.keeps_deletions
        if not keeps_deletions and this_moment - last_whole >= _WHOLE_AGAIN:
            return ""
        by_the_second = able is not None and able.granularity == _BY_THE_SECOND
        return (until - _OVERLAP).strftime("%Y-%m-%dT%H:%M:%SZ" if by_the_second else "%Y-%m-%d")

    # --- what is answered

    def _answers(self) -> Generator[Page, None, DiscoveryFailed | None]:
        """Every answer from the first on; gives what stood in the way of their end."""
        walk = Walk(
            self._source.id,
            [self._source.first(self._since)],
            self._source.links,
            fetcher=self._fetcher,
            store=self._store,
            most=_MOST_ANSWERS,
            depth=_MOST_ANSWERS,
        )
        self._answered = []
        tokens: set[str] = set()
        for page in walk:
            try:
                answer = read_answer(page)
            except DiscoveryFailed as error:
                return error
            self._answered.append(answer.answered_at)
            if answer.token and answer.token in tokens:
                return DiscoveryFailed(page.url, "its answers go round in circles")
            tokens.add(answer.token)
            yield page
        self._missed = walk.missed
        return None


def _since(url: str) -> str:
    return next(iter(parse_qs(urlsplit(url).query).get("from", [])), "")


def _moment(text: str) -> datetime | None:
    """A moment as repositories and `reached` state it; none for anything else."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
