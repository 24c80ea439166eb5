"""Mini-sites and topic pages of the Crime Reduction site, from web archives.

Known from the text of stored copies of a burglary page and of Tilley Award pages.
"""

from crawlers.platforms.crime_reduction import CrimeReductionPages


class CrimeReductionMiniSites(CrimeReductionPages):
    """One record for each page."""

    id = "crime-reduction-mini-sites"
    title = "Crime Reduction mini-sites"
    home = "https://webarchive.nationalarchives.gov.uk/20100408115103/http://www.crimereduction.homeoffice.gov.uk/"
    prefixes = (
        "http://www.crimereduction.homeoffice.gov.uk/burglary/",
        "http://www.crimereduction.homeoffice.gov.uk/tilley/",
        "http://www.crimereduction.homeoffice.gov.uk/learningzone/",
    )
