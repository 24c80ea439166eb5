"""Terms that fit what a source says of an item, for a person to confirm."""

from collections.abc import Iterable
from typing import Any

FIELDS = ("problem_types", "response_types", "settings", "populations")
_LEAST = 0.3


def suggested_tags(
    texts: Iterable[tuple[str, str, float]], fields: Iterable[str] = FIELDS
) -> list[dict[str, Any]]:
    """Suggested terms from texts given as (where, text, worth), the weightiest first.

    `where` goes into the reason ("the title says"), `worth` lowers the confidence.
    """
    from index.classify import suggest_terms  # here, so that sources are listed without the index

    found: dict[tuple[str, str], dict[str, Any]] = {}
    wanted = tuple(fields)
    for where, text, worth in texts:
        for field in wanted:
            for item in suggest_terms(text, field) if text else ():
                confidence = round(item.confidence * worth, 2)
                if (field, item.code) not in found and confidence >= _LEAST:
                    found[(field, item.code)] = {
                        "field_name": field,
                        "code": item.code,
                        "confidence": confidence,
                        "because": f"{where} “{item.because}”",
                    }
    return list(found.values())
