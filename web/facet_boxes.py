"""The filters beside the results: a facet as check boxes, and as a span where it has an order."""

from dataclasses import dataclass
from typing import NamedTuple

from index.facets import FACET
from index.query import Query
from index.results import FacetResult
from web import urls
from web.facet_tree import in_tree_order
from web.forms import Option
from web.labels import Labels

# More values than this get a box to find one in.
LONG_LIST = 12
# Open from the start; the others open when one of their values is chosen.
_OPEN = {"problem", "response", "result"}


class Choice(NamedTuple):
    """A value of a facet as a check box, in the order that the template takes."""

    id: str
    code: str
    label: str
    number: str
    selected: bool
    depth: int


@dataclass(frozen=True)
class RangeBox:
    """A chosen range and its ends; `options` are what may be chosen, none where any number may.

    `least` and `most` are the first and last of what the search found, to go by.
    """

    value: str
    low: str
    high: str
    options: tuple[Option, ...]
    least: str = ""
    most: str = ""


@dataclass(frozen=True)
class FacetBox:
    """A facet with its check boxes, and with boxes for a range where its values have an order."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    chosen: int
    open: bool
    long: bool
    more: int
    all_href: str
    between: RangeBox | None = None


def facet_box(facet: FacetResult, query: Query, labels: Labels) -> FacetBox:
    """A facet of what a search found, with what was chosen of it."""
    between = _between(facet, query)
    held = between.value if between else ""
    choices = tuple(
        Choice(
            id=f"{facet.name}-{number}",
            code=value.code,
            label=labels.value(facet.name, value),
            number=f"{value.count:,}",
            selected=value.selected,
            depth=min(depth, 2),
        )
        for number, (value, depth) in enumerate(
            # The range in the boxes is no check box too, or it could not be changed.
            in_tree_order(value for value in facet.values if value.code != held),
            1,
        )
    )
    chosen = len(facet.selected)
    return FacetBox(
        name=facet.name,
        label=facet.label,
        choices=choices,
        chosen=chosen,
        open=bool(chosen) or facet.name in _OPEN,
        long=len(choices) > LONG_LIST,
        more=facet.more,
        all_href=urls.browse(facet.name, query) if facet.more else "",
        between=between,
    )


def _between(result: FacetResult, query: Query) -> RangeBox | None:
    """The range that was chosen last, or empty boxes; None for a facet without an order."""
    facet = FACET[result.name]
    if not facet.ranged:
        return None
    ranges = [value for value in query.filters.get(facet.name, ()) if facet.ends_of(value)]
    value = ranges[-1] if ranges else ""
    low, high = facet.ends_of(value) or ("", "")
    options = tuple(Option(code, facet.label_of(code)) for code in facet.in_order())
    years = [one.code for one in result.values if facet.place_of(one.code) is not None]
    if options or not years:
        return RangeBox(value, low, high, options)
    return RangeBox(value, low, high, (), min(years), max(years))
