"""Award entries to look through, as pages show them: ways to narrow, what fits, and trends."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request

from kb.vocabularies import vocabulary
from web import award_shelf, urls
from web.award_shelf import Narrowing, Standing, Trend
from web.context import Link
from web.forms import Option
from web.labels import award_level
from web.pagination import page_numbers, page_of

PER_PAGE = 50


@dataclass(frozen=True)
class Bar:
    """One line of a trend; `share` is its part of the longest line, in hundredths."""

    label: str
    href: str
    entries: int
    winners: int
    share: int


@dataclass(frozen=True)
class Found:
    """One entry that fits what is asked for."""

    record_id: str
    title: str
    line: str
    won: bool


@dataclass(frozen=True)
class Narrow:
    """One way to narrow, with its choices."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Shelf:
    """Entries to look through: ways to narrow, what fits, and trends over all of it."""

    narrows: tuple[Narrow, ...]
    narrowed: bool
    total: int
    found: tuple[Found, ...]
    years: tuple[Bar, ...]
    themes: tuple[Bar, ...]
    pages: tuple[Link, ...]
    clear: str


_LABELS = {
    "year": "Year",
    "problem": "Problem",
    "category": "Category of the award",
    "country": "Country",
    "region": "Region",
    "level": "How far it got",
}


def _names(name: str) -> Callable[[str], str]:
    """Gives the words for a value of one way to narrow."""
    if name == "problem":
        return vocabulary("problem_types").label
    if name == "country":
        return vocabulary("countries").label
    return award_level if name == "level" else str


def shelf_of(
    request: Request, every: list[Standing], schemes: dict[str, str], scheme_id: str = ""
) -> Shelf | None:
    """What can be looked through here; None where no entry is held.

    `schemes` names the scheme of each entry where it varies.
    """
    if not every:
        return None
    asked = Narrowing.read(request.query_params)
    fit = [one for one in every if asked.holds(one)] if asked else every
    page, last = page_of(request.query_params.get("page", ""), len(fit), PER_PAGE)
    shown = fit[(page - 1) * PER_PAGE : page * PER_PAGE] if asked else []
    problem = _names("problem")
    return Shelf(
        narrows=tuple(_narrow(name, every, asked) for name in award_shelf.VALUES),
        narrowed=bool(asked),
        total=len(fit),
        found=tuple(_found_line(one, schemes) for one in shown),
        years=_bars(
            award_shelf.by_year(fit),
            lambda code: code,
            lambda code: urls.awards(scheme_id, params=[("year", code)]),
        ),
        themes=_bars(
            award_shelf.by_theme(fit),
            lambda code: problem(code) if code else "Problem not stated",
            lambda code: urls.awards(scheme_id, params=[("problem", code)]) if code else "",
        ),
        pages=tuple(
            Link(
                str(n or "…"),
                urls.awards(scheme_id, params=[*asked.pairs(), ("page", str(n))])
                if n and n != page
                else "",
            )
            for n in (page_numbers(page, last) if asked and last > 1 else ())
        ),
        clear=urls.awards(scheme_id),
    )


def _narrow(name: str, every: list[Standing], asked: Narrowing) -> Narrow:
    chosen = getattr(asked, name)
    held = award_shelf.counts(every, name)
    if chosen:
        held.setdefault(chosen, 0)  # a chosen value with no hits stays visible
    named = _names(name)
    options = [
        Option(code, f"{named(code)} ({number})", chosen=code == chosen)
        for code, number in held.items()
    ]
    options.sort(key=lambda one: one.label.casefold(), reverse=name == "year")
    return Narrow(name, _LABELS[name], tuple(options))


def _found_line(one: Standing, schemes: dict[str, str]) -> Found:
    told = [schemes.get(one.scheme, ""), str(one.year), award_level(one.level), one.region]
    told.append(_names("country")(one.country) if one.country else "")
    told += [_names("problem")(code) for code in one.themes[:2]]
    return Found(one.record_id, one.title, " · ".join(filter(None, told)), one.won)


def _bars(
    trends: list[Trend], label: Callable[[str], str], href: Callable[[str], str]
) -> tuple[Bar, ...]:
    longest = max((trend.entries for trend in trends), default=1)
    return tuple(
        Bar(
            label(trend.code),
            href(trend.code),
            trend.entries,
            trend.winners,
            max(1, round(100 * trend.entries / longest)),
        )
        for trend in trends
    )
