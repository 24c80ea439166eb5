"""Crime Reduction Toolkits: their numbered pages, from web archives.

Known from the text of stored copies of four pages (rv0101, rv030106, rv0401 at two addresses).
"""

from crawlers.platforms.crime_reduction import CrimeReductionToolkit


class CrimeReductionToolkits(CrimeReductionToolkit):
    """One record for each page."""

    id = "crime-reduction-toolkits"
    title = "Crime Reduction Toolkits"
    home = "https://webarchive.nationalarchives.gov.uk/20100408115103/http://www.crimereduction.homeoffice.gov.uk/"
    prefixes = ("http://www.crimereduction.homeoffice.gov.uk/toolkits/",)
