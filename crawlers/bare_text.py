"""All text of a web page that is nested too deeply for a tree of it to be made."""

import re
from html.parser import HTMLParser

_UNSEEN = frozenset(("head", "script", "style", "template", "noscript"))
_WITHIN_LINE = frozenset(
    (
        *("a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "label", "q", "s", "small"),
        *("span", "strong", "sub", "sup", "tt", "u", "wbr"),
    )
)


def bare_text(markup: str) -> str:
    """The text that a page shows, a line for each of its parts; its time grows with its length."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return re.sub(r"\s*\n\s*", "\n", "".join(reader.pieces)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """What is not shown begins here, or a part of the page."""
        if not self._unseen and tag in _UNSEEN:
            self._unseen = tag
        if tag == "body":
            self._unseen = ""  # of a page whose head has no end
        if tag not in _WITHIN_LINE:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """What is not shown, or a part of the page, ends here."""
        if tag == self._unseen:
            self._unseen = ""
        if tag not in _WITHIN_LINE:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Text, with line ends that say nothing."""
        if not self._unseen:
            self.pieces.append(re.sub(r"\s+", " ", data))
