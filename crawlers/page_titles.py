"""What a page elsewhere is called: for whoever notes its address and gives no title."""

from crawlers.document_title import title_of
from crawlers.errors import ExtractionFailed
from crawlers.extract import read_document
from crawlers.fetch import Fetcher


def page_title(url: str) -> str:
    """The title of the page or document at an address, fetched politely; "" when it has none.

    Nothing of the page is kept. Raises FetchFailed, ContactMissing, ExtractionFailed.
    """
    with Fetcher() as fetcher:
        page = fetcher.page(url)
    try:
        return title_of(read_document(page.url, page.body, page.content_type))
    except ExtractionFailed as error:
        # A page that scripts fill in a browser holds no text here, but often a title.
        if error.code != "no-text" or page.soup.title is None:
            raise
        return " ".join(page.soup.title.get_text(" ").split())
