"""The facets: one entry each, which schema, parameters, counts, sidebar and API loop over."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kb.vocabularies import vocabulary

if TYPE_CHECKING:
    from index.columns import Columns, Mask
    from kb.records import Practice

Order = Literal["count", "vocabulary", "label", "newest"]

SEPARATOR = ":"
RANGE = ".."  # between two codes of a facet with an order, either of which may be left out

# Most months of a band, its code and name, and how its ends are said.
_MONTHS = (
    (1, "within-1", "Within a month", ("less than a month", "a month")),
    (3, "within-3", "1 to 3 months", ("a month", "3 months")),
    (6, "within-6", "3 to 6 months", ("3 months", "6 months")),
    (12, "within-12", "6 to 12 months", ("6 months", "a year")),
    (None, "over-12", "More than a year", ("a year", "more than a year")),
)


_BANDS = tuple((code, label) for _, code, label, _ in _MONTHS)
_BAND_ENDS = tuple((code, said) for _, code, _, said in _MONTHS)


@dataclass(frozen=True, slots=True, eq=False)
class Facet:
    """One way to narrow a search.

    `values` gives a record's codes. With `hierarchical`, a record also counts for the broader
    terms of its codes. `order` is how values are listed; `names` labels codes that stand in no
    vocabulary. With `ranged`, `low..high` may be chosen, which stands for all codes between; `ends`
    says how the two ends of a band are said in it, where its name is no end.
    """

    name: str
    label: str
    values: Callable[["Practice"], Iterable[str]]
    vocabulary: str | None = None
    hierarchical: bool = False
    order: Order = "count"
    names: tuple[tuple[str, str], ...] = ()
    ends: tuple[tuple[str, tuple[str, str]], ...] = ()
    ranged: bool = False

    def label_of(self, code: str) -> str:
        """What a person reads for a code, or for a range."""
        if ends := self.ends_of(code):
            said = dict(self.ends)
            low, high = (
                said[end][spot] if end in said else self.label_of(end) if end else ""
                for spot, end in enumerate(ends)
            )
            return f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}"
        if self.vocabulary:
            return vocabulary(self.vocabulary).label(code)
        return dict(self.names).get(code, code.replace(SEPARATOR, ": "))

    def other_names(self, code: str) -> tuple[str, ...]:
        """What else a code is called by those who look for it."""
        return vocabulary(self.vocabulary).other_names(code) if self.vocabulary else ()

    def current(self, code: str) -> str:
        """The code used now: its own, or that of the term it was merged into."""
        return vocabulary(self.vocabulary).current(code) if self.vocabulary else code

    def broader(self, code: str) -> tuple[str, ...]:
        """The broader codes that a code also counts for, nearest first."""
        if not self.hierarchical:
            return ()
        if self.vocabulary:
            return vocabulary(self.vocabulary).ancestors(code)
        return (code.rsplit(SEPARATOR, 1)[0],) if SEPARATOR in code else ()

    def in_order(self) -> tuple[str, ...]:
        """The codes of its vocabulary or names in their order; none where any number is a code."""
        if self.vocabulary:
            return tuple(term.code for term in vocabulary(self.vocabulary))
        return tuple(code for code, _ in self.names)

    def place_of(self, code: str) -> int | None:
        """Where a code stands in the order of a ranged facet; None for one that has no place."""
        if known := self.in_order():
            return known.index(code) if code in known else None
        return int(code) if code.isdecimal() else None

    def ends_of(self, value: str) -> tuple[str, str] | None:
        """The ends of a chosen range, the lower first; None for a single value.

        Either may be empty. They may have been typed the wrong way round.
        """
        if not self.ranged or RANGE not in value:
            return None
        low, high = _ends(value)
        return (high, low) if self.is_turned(value) else (low, high)

    def is_turned(self, value: str) -> bool:
        """Whether the ends of a range were typed the wrong way round."""
        if not self.ranged or RANGE not in value:
            return False
        low, high = (self.place_of(end) if end else None for end in _ends(value))
        return low is not None and high is not None and low > high

    def understands(self, value: str) -> bool:
        """Whether a chosen value is no range, or one whose ends have a place."""
        ends = self.ends_of(value)
        if ends is None:
            return True
        return any(ends) and all(self.place_of(end) is not None for end in ends if end)

    def chosen(self, values: Iterable[str], known: Iterable[str]) -> list[str]:
        """The codes that chosen values stand for, ranges filled with those of `known`."""
        found: list[str] = []
        for value in values:
            ends = self.ends_of(value)
            if ends is None:
                found.append(value)
            elif self.understands(value):
                low, high = (self.place_of(end) if end else None for end in ends)
                found += [
                    code
                    for code in known
                    if (place := self.place_of(code)) is not None
                    and (low is None or place >= low)
                    and (high is None or place <= high)
                ]
        return found

    def expanded(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The codes with all that they count for, each once."""
        if not self.hierarchical:  # most are not, and an index asks for each of every record
            return tuple(dict.fromkeys(codes))
        every = [found for code in codes for found in (code, *self.broader(code))]
        return tuple(dict.fromkeys(every))


def _ends(value: str) -> tuple[str, str]:
    low, _, high = value.partition(RANGE)
    return low.strip(), high.strip()


def labels_of(facet: Facet, codes: Iterable[str]) -> str:
    """The words that name these codes: labels and alternative labels, broader ones too."""
    named: list[str] = []
    for code in facet.expanded(codes):
        named += (facet.label_of(code), *facet.other_names(code))
        if code not in named:
            named.append(code)
    return "\n".join(dict.fromkeys(named))


def _field(name: str) -> Callable[["Practice"], Iterable[str]]:
    """Codes of a vocabulary field, those suggested with enough confidence included."""
    return lambda practice: practice.content.codes(name)


def _area_types(practice: "Practice") -> Iterable[str]:
    place = practice.content.place
    return place.area_types if place else ()


def _agencies(practice: "Practice") -> Iterator[str]:
    for partner in practice.content.partners:
        yield from partner.sectors


def _results(practice: "Practice") -> Iterable[str]:
    return [result.direction for result in practice.content.results if result.direction]


def _lead_times(practice: "Practice") -> Iterator[str]:
    yield from _band(practice.content.lead_time_months)


def _first_effects(practice: "Practice") -> Iterator[str]:
    yield from _band(practice.content.months_to_first_effect)


def _band(months: float | None) -> Iterator[str]:
    if months is not None:
        yield next(code for most, code, *_ in _MONTHS if most is None or months <= most)


def bands_within(months: float) -> tuple[str, ...]:
    """The codes of the bands that end within so many months."""
    return tuple(code for most, code, *_ in _MONTHS if most is not None and most <= months)


def _countries(practice: "Practice") -> Iterator[str]:
    place = practice.content.place
    if place and place.country:
        yield place.country


def _places(practice: "Practice") -> Iterator[str]:
    place = practice.content.place
    if place:
        yield from filter(None, (place.local_authority, place.region, place.police_force))


def _sources(practice: "Practice") -> Iterator[str]:
    for origin in practice.content.provenance:
        if origin.source:
            yield origin.source


def _awards(practice: "Practice") -> Iterator[str]:
    for award in practice.content.awards:
        if award.scheme:
            yield f"{award.scheme}{SEPARATOR}{award.level}" if award.level else award.scheme


def _years(practice: "Practice") -> Iterator[str]:
    """The year it began; for a document its publication; failing both, of its first award."""
    content = practice.content
    dated = content.started or content.published_on
    if dated:
        yield dated[:4]
    else:
        yield from (str(award.year) for award in content.awards[:1] if award.year)


FACETS: tuple[Facet, ...] = (
    Facet("aspect", "Helps with", _field("aspects"), "aspects", order="vocabulary"),
    Facet("problem", "Problem", _field("problem_types"), "problem_types", hierarchical=True),
    Facet("response", "Response", _field("response_types"), "response_types", hierarchical=True),
    Facet(
        "level",
        "Level of intervention",
        _field("intervention_levels"),
        "intervention_levels",
        order="vocabulary",
    ),
    Facet("setting", "Setting", _field("settings"), "settings", hierarchical=True),
    Facet("area", "Type of area", _area_types, "area_types", hierarchical=True),
    Facet("population", "People", _field("populations"), "populations", hierarchical=True),
    Facet("agency", "Who took part", _agencies, "agencies", hierarchical=True),
    Facet(
        "stage",
        "Stage of practice",
        _field("stage_of_practice"),
        "stages",
        order="vocabulary",
    ),
    Facet("result", "Result", _results, "directions", order="vocabulary"),
    Facet("design", "Design of the evaluation", _field("design"), "designs", order="vocabulary"),
    Facet("cost", "Cost band", _field("cost_band"), "cost_bands", order="vocabulary", ranged=True),
    Facet(
        "lead_time",
        "Time to prepare",
        _lead_times,
        order="vocabulary",
        names=_BANDS,
        ends=_BAND_ENDS,
        ranged=True,
    ),
    Facet(
        "first_effect",
        "Time to first effect",
        _first_effects,
        order="vocabulary",
        names=_BANDS,
        ends=_BAND_ENDS,
        ranged=True,
    ),
    Facet(
        "season",
        "Time of year",
        _field("seasonal_windows"),
        "seasonal_windows",
        hierarchical=True,
        order="vocabulary",
    ),
    Facet("country", "Country", _countries, "countries", hierarchical=True),
    Facet("place", "Place", _places),
    Facet("source", "Source", _sources),
    Facet("award", "Award", _awards, hierarchical=True),
    Facet("year", "Year", _years, order="newest", ranged=True),
    Facet(
        "kind", "Kind of record", lambda practice: (practice.content.record_type,), "record_types"
    ),
    Facet("standard", "National standard", _field("standards"), "standards", hierarchical=True),
)

FACET: dict[str, Facet] = {facet.name: facet for facet in FACETS}


def having(columns: "Columns", name: str, values: Iterable[str]) -> "Mask":
    """Which records have any of the chosen values of a facet, ranges among them."""
    return columns.with_facet(name, FACET[name].chosen(values, columns.codes[name]))
