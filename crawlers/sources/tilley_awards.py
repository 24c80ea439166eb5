"""Tilley Awards: entries by year at the POP Center, which kept what the Home Office dropped.

Known from the text of stored copies of the pages for 1999, 2002, 2008 and 2009. Forces, places
and results are read; the paragraphs only serve to suggest terms.
"""

import re

from crawlers.platforms.pop_awards import PopAwards


class TilleyAwards(PopAwards):
    """One record for each entry."""

    id = "tilley-awards"
    title = "Tilley Awards"
    country = "gb"
    home = "https://popcenter.asu.edu/content/tilley-award-submissions"
    starts = (
        "https://popcenter.asu.edu/content/tilley-award-submissions",
        "https://popcenter.asu.edu/content/tilley-awards-1999",
        "https://popcenter.asu.edu/content/tilley-awards-2002",
        "https://popcenter.asu.edu/library/awards/tilley.cfm/abstracts",
    )
    scheme = "tilley"
    award = "Tilley Award"
    follow = re.compile(
        r"/content/tilley-awards?-\d{4}|/awards/tilley\.cfm/abstracts|browse=abstracts&year=\d{4}",
        re.I,
    )
    fewest = 10
    most = 1500
