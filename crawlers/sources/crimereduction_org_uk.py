"""crimereduction.org.uk: pages of the old Crime Reduction site, kept by an owner not known.

Known from the text of stored copies of four of its pages. The text is the Home Office's and the
site is not: titles and addresses are kept, no text.
"""

import re
from collections.abc import Iterator

from crawlers.page import Page
from crawlers.platforms.crime_reduction import CrimeReductionPages


class CrimereductionOrgUk(CrimeReductionPages):
    """One record for each page."""

    id = "crimereduction-org-uk"
    title = "crimereduction.org.uk"
    kind = "live"
    licence = "unknown"
    fill_rates = {"summary": 1.0, "provenance.original_url": 1.0}
    home = "https://www.crimereduction.org.uk/"
    starts = (
        "https://www.crimereduction.org.uk/regions-regions00htm/",
        "https://www.crimereduction.org.uk/tilleyaward2002htm/",
        "https://www.crimereduction.org.uk/partnerships47htm/",
        "https://www.crimereduction.org.uk/80-partnershiphtm/",
    )
    fewest = 2

    def links(self, page: Page) -> Iterator[str]:
        """Other old pages: their addresses end as their files did."""
        for anchor in page.soup.select("a[href]"):
            address = page.link(str(anchor["href"]))
            if re.search(r"//www\.crimereduction\.org\.uk/[\w-]+html?/?$", address):
                yield address
