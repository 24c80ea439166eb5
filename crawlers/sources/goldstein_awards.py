"""Herman Goldstein Awards: year pages of winners and finalists at the POP Center.

Known from the text of stored copies of the pages for 1994, 1995, 1999, 2000, 2003 and 2008.
"""

import re

from crawlers.platforms.pop_awards import PopAwards


class GoldsteinAwards(PopAwards):
    """One record for each entry."""

    id = "goldstein-awards"
    title = "Herman Goldstein Awards"
    country = "us"
    home = "https://popcenter.asu.edu/content/about-goldstein-pop-awards"
    starts = (
        "https://popcenter.asu.edu/content/about-goldstein-pop-awards",
        "https://popcenter.asu.edu/content/1995-goldstein-awards-winners-finalists",
        "https://popcenter.asu.edu/content/2000-goldstein-awards-winner-finalists",
        "https://popcenter.asu.edu/content/2003-goldstein-awards-winner-finalists",
        "https://popcenter.asu.edu/content/2008-goldstein-awards-winner-finalists",
    )
    scheme = "goldstein"
    award = "Goldstein Award"
    follow = re.compile(r"/content/\d{4}-goldstein-awards?", re.I)
    fewest = 10
    most = 2500
