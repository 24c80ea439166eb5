"""Lists of award winners: what every entry of every scheme becomes.

Paragraphs about entries belong to those who wrote them: they suggest terms and are not kept. What
is kept is who entered what, when, in which category, how far it got, and where to read it.
"""

import re
from typing import Any, ClassVar

from crawlers.page import Page
from crawlers.places import place_words
from crawlers.source import Source
from crawlers.suggest import suggested_tags
from kb.records.identity import slug

_SENTENCES = {
    "winner": "Winner of the {round}{category}{by}{where}.",
    "finalist": "Finalist for the {round}{category}{by}{where}.",
    "commended": "Commended in the {round}{category}{by}{where}.",
    "honourable-mention": "Honourable mention in the {round}{category}{by}{where}.",
    "not-stated": "Entry for the {round}{category}{by}{where}. The list does not say how far it "
    "got.",
}
_POLICE = re.compile(r"poli[cz]|constabular|sheriff|highway patrol", re.I)
_TOGETHER = re.compile(r"\s+in partnership with\s+", re.I)
_COUNCIL = re.compile(r"\b(?:council|borough of|city of)\b", re.I)


class AwardList(Source):
    """Base of the award lists: a subclass names the scheme and reads its pages."""

    scheme: ClassVar[str]
    award: ClassVar[str]
    """The award as it stands in a sentence."""

    def entry(
        self,
        page: Page,
        *,
        title: str,
        year: int,
        level: str,
        organisation: str = "",
        category: str = "",
        place: dict[str, Any],
        text: str = "",
        document: str = "",
    ) -> dict[str, Any]:
        """A record of one entry as plain data. `text` is what the list says of it."""
        lead, *others = _TOGETHER.split(organisation)
        where = place_words(place)
        if _POLICE.search(lead):
            place = {**place, "police_force": lead}
        return {
            "record_type": "award-entry",
            "title": title,
            "summary": _SENTENCES[level].format(
                round=f"{year} {self.award}",
                category=f", category {category}" if category else "",
                by=f", entered by {organisation}" if organisation else "",
                where=f" ({where})" if where else "",
            ),
            "aspects": ["what", "who"],
            "place": place or None,
            "published_on": str(year),
            "language": self.language,
            "licence": self.licence,
            "read": "summary" if text else "listing",
            "partners": [
                {"organisation": body, "sectors": _sectors(body), "roles": roles}
                for body, roles in ((lead, ["lead"]), *((body, []) for body in others))
                if body
            ],
            "awards": [
                {
                    "scheme": self.scheme,
                    "year": year,
                    "category": category,
                    "level": level,
                    "entry_url": document or page.url,
                }
            ],
            "suggested_tags": suggested_tags(
                (
                    ("the title says", title, 1.0),
                    ("the category says", category, 0.7),
                    ("the list says", text, 0.6),
                )
            ),
            "provenance": self.origin(
                page,
                external_id="/".join(
                    filter(None, (self.scheme, str(year), slug(title, 80), slug(organisation)))
                ),
                title=title,
                read=[title, organisation, category, level, text],
                document_url=document,
            ),
        }


def _sectors(body: str) -> list[str]:
    if _POLICE.search(body):
        return ["police"]
    return ["council"] if _COUNCIL.search(body) else []
