"""What the problem was and how it was noticed."""

from kb.records.definition import Group, field
from kb.records.parts import Objective


class Scanning(Group):
    """What the problem was and how it was noticed."""

    GROUP = "scanning"

    problem_statement: str = field(
        "The problem",
        "Behaviour, place, people and time.",
        submit=True,
        words=150,
        weight=3,
        example=(
            "In the terraced streets of Marsh Lane burglars got in through unlit back "
            "alleys, mostly on weekday evenings in winter. Older tenants and students "
            "were hit most, many of them twice."
        ),
        why="Readers look for a problem like theirs, and match it by this text.",
    )
    first_indicators: str = field(
        "First signs",
        "What made somebody look.",
        words=100,
        weight=1,
        example="Ward councillors passed on a run of complaints in autumn 2003.",
    )
    how_identified: str = field(
        "How it was found",
        "How it was confirmed to be a problem.",
        words=100,
        weight=1,
        example="An analyst mapped two years of burglaries by point of entry.",
    )
    identified_by: list[str] = field(
        "Found by", "Bodies that noticed it.", default=[], vocabulary="agencies"
    )
    why_chosen: str = field(
        "Why this problem",
        "Why it was taken up before others.",
        publish=True,
        words=100,
        weight=2,
        example=(
            "It was the crime residents named first in two surveys, and it was rising "
            "while the force's total fell."
        ),
        why="Judges say it is the gap they meet most often.",
    )
    community_concern: str = field(
        "What local people said",
        "Their words, and how they were asked.",
        words=100,
        weight=1,
        example=(
            "At three street meetings people said they would not leave the house empty after dark."
        ),
    )
    consultation_methods: list[str] = field(
        "How people were asked",
        "All ways that were used.",
        default=[],
        vocabulary="consultation_methods",
    )
    incidents_per_year: str = field(
        "Incidents a year",
        "Figure with its source.",
        long=False,
        example="120 recorded burglaries (police records, 2003)",
    )
    harm: str = field(
        "Harm done",
        "To whom, and how much.",
        words=80,
        weight=1,
        example="One household in nine was burgled in a year; losses averaged £900.",
    )
    fear: str = field(
        "Fear caused",
        "What people feared, and what they gave up because of it.",
        words=80,
        example="Six in ten residents felt unsafe at home at night (survey, 2003).",
    )
    under_reporting: str = field(
        "What goes unreported",
        "What records do not show.",
        words=80,
        example=(
            "Attempts that failed were seldom reported; a survey found two for each recorded one."
        ),
    )
    objectives: list[Objective] = field(
        "Objectives",
        "Each with a figure that would show it was met.",
        default=[],
        publish=True,
        weight=2,
        why="Without a target nobody can say whether it was met.",
    )
    intended_outcomes: list[str] = field(
        "Outcomes hoped for", "What was to change.", default=[], vocabulary="outcomes", weight=1
    )
