"""Invented listings in the form that `pop-datasets` reads, as large as a test needs."""

import json
from pathlib import Path
from typing import Any

TOWNS = ("Fictionville", "Sampleton", "Madeup Bay", "Nowhere Falls", "Exampleton", "Inventia")
TOPICS = ("bicycle theft", "graffiti", "truancy", "street robbery", "noise complaints", "speeding")
ORDINALS = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth")


def award_entry(number: int, **changes: Any) -> dict[str, Any]:
    """One invented award entry; `number` makes it different from all others."""
    town = TOWNS[number % len(TOWNS)]
    year = 1995 + number % 25
    item = {
        "id": number,
        "title": f"{ORDINALS[number % 9]} plan {number} against {TOPICS[number % 6]} in {town}",
        "agency": f"{town} Police Department",
        "author": f"{town} Police Department",
        "location": "Ohio, USA",
        "country": "United States",
        "latitude": 40 + (number % 6) / 10,
        "longitude": -80 - (number % 6) / 10,
        "resource_type": "pdf",
        "resource_year": year,
        "resource_link": "https://popcenter.asu.edu/sites/default/files/library/awards/"
        f"goldstein/{year}/{year % 100:02d}-{number + 1000}.pdf",
        "description": "Submission",
        "thumbnail": "",
    }
    return {**item, **changes}


def write_listing(folder: Path, items: list[Any]) -> Path:
    """Write a listing as `content.json` into a folder, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "content.json").write_text(json.dumps(items), "utf-8")
    return folder
