"""Minutes of meetings: said to be ones, and no project is made of them."""

import pytest

from crawlers.document import blocks_of
from crawlers.draft import draft_of
from crawlers.extract import extract
from crawlers.minutes import minutes_note
from crawlers.uploads import title_or_refusal

pytestmark = pytest.mark.usefixtures("home")

MINUTES = """Minutes of the Sampleton Community Safety Partnership
Held on Tuesday 12 March 2024 at 2pm, Council Chamber

Present: Cllr J Smith (Chair), B Brown (Housing)

1. Minutes of the last meeting

The minutes of the meeting held on 9 January 2024 were agreed.

2. Bus station

Calls had risen by 20% since Christmas. It was agreed that patrols would be increased in May 2024
with Kent Police, for £4,000. The team was set up in February 2024.

3. Date of next meeting

14 May 2024
"""


def test_nothing_but_a_title_is_taken_from_minutes() -> None:
    found = extract("minutes.txt", MINUTES.encode())
    assert found.minutes.startswith("This looks like the minutes of a meeting of 12 March 2024.")
    assert found.minutes in found.warnings
    assert not found.tells_nothing
    draft = draft_of(found)
    assert set(draft["draft"]) == {"title", "language"}
    assert (draft["published"], draft["tags"], draft["sections"]) == ("", {}, {})
    assert not any(draft["facts"][kind] for kind in ("dates", "costs", "places", "organisations"))
    assert title_or_refusal("minutes.txt", MINUTES.encode())[1] == found.minutes


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("DRAFT MINUTES\n\nBurglary panel, 3 April 2024\n\nApologies: none", ""),
        ("Notes of a meeting of the gates group\n\n03/04/2024\n\nAOB\n\nNone.", " of 3 April 2024"),
        # Without a title, by what only minutes have.
        (
            "Attendance: A Brown\n\n1. Welcome and apologies\n\n2. Matters arising\n\n3. AOB",
            "",
        ),
    ],
)
def test_minutes_are_known(text: str, held: str) -> None:
    note = minutes_note(blocks_of(text))
    assert note.startswith(f"This looks like the minutes of a meeting{held}. They tell")


@pytest.mark.parametrize(
    "text",
    [
        "The van came within ten minutes.\n\nAll tenants were present when the doors were fitted.",
        "Minutes matter: faster answers to burglary\n\nPolice came sooner, and burglary fell.",
        "Gates in Castle ward\n\nIt was agreed that gates were best.\n\nNext meeting: 3 May 2024",
        "Notes for staff\n\nApologies from burglars were rare.\n\nPresent needs were met.",
    ],
)
def test_other_texts_are_no_minutes(text: str) -> None:
    assert minutes_note(blocks_of(text)) == ""


def test_a_project_told_under_its_stages_is_one_whoever_met() -> None:
    text = (
        f"{MINUTES}\n\nScanning\n\nVans were broken into by night.\n\nResponse\n\n"
        "Wardens walked the streets.\n\nAssessment\n\nThefts fell from 64 to 21 in a year."
    )
    found = extract("minutes.txt", text.encode())
    assert not found.minutes
    assert found.structure.texts()["response"] == "Wardens walked the streets."
