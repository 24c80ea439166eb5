"""Places as award lists write them: "Bristol, UK", "Wisconsin, USA", "United Kingdom"."""

from typing import Any

from kb.errors import TermUnknown
from kb.vocabularies import vocabulary

# Where a single name before the country is a state or province.
_FEDERAL = ("us", "ca", "au")


def place_from(text: str) -> dict[str, Any]:
    """A place as plain data. What stands last is the country; a name that is none stays a name."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts:
        return {}
    country = country_named(parts[-1])
    if country is None:
        words = parts[-1].rsplit(" ", 1)  # "Maryland USA"
        country = country_named(words[-1]) if len(words) > 1 else None
        if country is None:
            return {"name": text.strip()}
        parts[-1:] = words
    before = parts[:-1]
    region = before.pop() if before and country in _FEDERAL else ""
    place = {"name": ", ".join(before), "region": region, "country": country}
    return {name: value for name, value in place.items() if value}


def country_named(text: str) -> str | None:
    """The code of a country by any of its names; none for what is no country."""
    try:
        return vocabulary("countries").resolve(text.strip(" .").removeprefix("the "))
    except TermUnknown:
        return None


def place_words(place: dict[str, Any]) -> str:
    """A place in words: name, region and country."""
    country = vocabulary("countries").label(place["country"]) if place.get("country") else ""
    return ", ".join(filter(None, (place.get("name"), place.get("region"), country)))
