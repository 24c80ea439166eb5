"""Where a run begins: what a source names itself, and what its sitemaps, feeds and lists name.

A list that cannot be read is told in the report of the run, and the others are read.
"""

from collections.abc import Callable

from crawlers.discovery import Listed, address_list, feed, sitemap
from crawlers.errors import DiscoveryFailed, FetchFailed
from crawlers.fetch import Fetcher
from crawlers.page import Page
from crawlers.source import Source
from crawlers.walk import Missed

ROBOTS = "robots.txt"
"""In place of the address of a sitemap: those that the robots.txt of the site names."""


def starts_of(source: Source, fetcher: Fetcher) -> tuple[list[str], list[Missed]]:
    """Addresses where a run of a source begins, each once, and what could not be had on the way.

    Of what lists name only what `follow` fits is taken, where the source has one.
    """
    found: dict[str, None] = dict.fromkeys(source.starts)
    missed: list[Missed] = []
    for way, where in source.found_by:
        try:
            listed, problems = _listed(way, where, source, fetcher)
        except (FetchFailed, DiscoveryFailed) as error:
            missed.append(Missed(way, where, str(error)))
            continue
        missed += [Missed(way, where, problem) for problem in problems]
        found |= {
            item.url: None
            for item in listed
            if source.follow is None or source.follow.search(item.url)
        }
    if not found and not source.prefixes and not source.found_by:
        found = {source.home: None}
    return list(found), missed


def _listed(
    way: str, where: str, source: Source, fetcher: Fetcher
) -> tuple[list[Listed], list[str]]:
    """What one list names, and what of it could not be read."""
    if way == "sitemap":
        of_robots = where == ROBOTS
        listed, problems = [], []
        for address in fetcher.sitemaps(source.home) if of_robots else [where]:
            seen = sitemap(fetcher.page, address)
            listed += seen.found
            problems += seen.problems
        return listed, problems
    readers: dict[str, Callable[[Page], list[Listed]]] = {"feed": feed, "list": address_list}
    return readers[way](fetcher.page(where)), []
