"""crimereduction.org.uk: pages of the old Crime Reduction site, kept by an owner not known.

Known from the text of stored copies of four of its pages. The text is the Home Office's and the
site is not: titles and addresses are kept, no text.
"""

import re

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
    # Addresses of old pages end as their files did.
    follow = re.compile(r"//www\.crimereduction\.org\.uk/[\w-]+html?/?$")
    fewest = 2
