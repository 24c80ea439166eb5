"""Partnerships mini-site of the Crime Reduction site, from web archives.

Known from the text of a copy of its first page at crimereduction.org.uk.
"""

from crawlers.platforms.crime_reduction import CrimeReductionPages


class CrimeReductionPartnershipsMiniSite(CrimeReductionPages):
    """One record for each page."""

    id = "crime-reduction-partnerships-mini-site"
    title = "Partnerships mini-site"
    home = "https://www.crimereduction.org.uk/regions-regions00htm/"
    prefixes = ("http://www.crimereduction.homeoffice.gov.uk/regions/",)
