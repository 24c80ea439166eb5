"""The sixty-second card of a record, which makes sense alone."""

from kb.records import FIELD, PracticeIn
from kb.vocabularies import vocabulary
from web.filters import clipped, partial_date
from web.labels import Labels
from web.record_view import Names, Value, field_view, results

_DONE = 320  # characters of what was done: enough to decide whether to read on


def card(content: PracticeIn) -> tuple[tuple[str, tuple[Value, ...]], ...]:
    """The sixty-second card: each line with its values; none means not reported."""
    names = Names(Labels({}, {}))

    def of(name: str) -> tuple[Value, ...]:
        view = field_view(FIELD[name], content, names)
        return view.values if view else ()

    done = _texts(clipped(content.response_summary, _DONE)) or of("response_types")
    found = tuple(Value(item.sentence) for item in results(content))
    return (
        ("Problem", of("problem_types")),
        ("What was done", done),
        ("What happened", found or of("assessment_summary")),
        ("Stage of practice", of("stage_of_practice")),
        ("Cost band", of("cost_band")),
        ("Place", _texts(place_line(content))),
        ("Contact", _texts(contact_line(content))),
    )


def _texts(text: str) -> tuple[Value, ...]:
    return (Value(text),) if text else ()


def place_line(content: PracticeIn) -> str:
    """Where it happened, from the smallest place to the country."""
    place = content.place
    if place is None:
        return ""
    country = vocabulary("countries").label(place.country) if place.country else ""
    names = [place.name, place.local_authority, place.region, country]
    # A name may say its town already: "Kirkholt estate, Rochdale".
    parts = [part for name in names if name for part in name.split(", ")]
    return ", ".join(dict.fromkeys(parts))


def contact_line(content: PracticeIn) -> str:
    """Whom to ask: role and body first."""
    for contact in content.contacts:
        parts = [contact.role, contact.person, contact.organisation, contact.mailbox]
        line = ", ".join(filter(None, parts))
        if line:
            checked = (
                f"last confirmed {partial_date(contact.verified_on)}"
                if contact.verified_on
                else "not confirmed"
            )
            return f"{line} ({checked})"
    return ""
