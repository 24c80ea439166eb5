"""Which terms words of a text name, and what is told as having led to them."""

from pathlib import Path

import pytest

from crawlers.document import blocks_of
from crawlers.inferred_tags import practice_stages
from crawlers.leanings import leanings
from crawlers.structure import sections_of, structure_of
from crawlers.tags import TAG_FIELDS, candidates_of
from index.term_cues import cues_of


def named(text: str) -> set[str]:
    """Fields and codes of all terms that words of a text name, however weakly."""
    blocks = blocks_of(text)
    found = candidates_of(blocks, sections_of(blocks), title="", leanings=leanings())
    judged = {
        f"{name}/{one.code}" for name in found.fields for one in found.fields[name] if one.because
    }
    return judged | {f"{name}/{code}" for name, codes in found.unjudged.items() for code in codes}


@pytest.mark.parametrize(
    ("text", "told", "not_told"),
    [
        (
            "Residents felt like prisoners in their own homes.",
            "problem_types/fear-of-crime",
            "settings/prison populations/prisoners",
        ),
        ("Groups met outside the kebab shops.", "settings/licensed-premises", "settings/retail"),
        (
            "The Safer Communities Fund paid for it, not the Community Safety Partnership.",
            "agencies/partnership",
            "populations/whole-community response_types/participatory-budgeting",
        ),
        ("Community Payback teams did it.", "response_types/unpaid-work", "outcomes/cost-demand"),
        (
            "They came by School Lane, Station Road, Park Street, Church Street and Hospital Road.",
            "",
            "settings/school settings/transport settings/park settings/hospital agencies/faith",
        ),
        ("The bus stop in Green Street was wrecked.", "settings/transport", "settings/street"),
        ("The bench by the school in Mill Lane burnt.", "settings/school", "settings/street"),
        ("Dealers used the alley behind Chapel Street.", "settings/street", "agencies/faith"),
        (
            "Off-road bikes came by.",
            "problem_types/off-road-bikes",
            "settings/rural settings/street",
        ),
        (
            "Taxi marshals kept order at the rank.",
            "response_types/place-managers settings/transport",
            "response_types/street-pastors",
        ),
        ("The Home Office was told.", "agencies/national-government", "settings/home"),
        (
            "A grant came from the Youth Endowment Fund for eleven months.",
            "agencies/voluntary",
            "populations/young-people-11-17",
        ),
        (
            "The Police and Crime Commissioner's office asked.",
            "agencies/pcc-mayor",
            "settings/workplace problem_types/crime",
        ),
        (
            "The scheme was funded by Neighbourhood Watch.",
            "agencies/residents",
            "response_types/community-watch",
        ),
        ("Neighbourhood Watch met weekly.", "response_types/community-watch", ""),
        (
            "The report was written by Victim Support.",
            "agencies/victim-services",
            "response_types/victim-support",
        ),
        (
            "Lads on the Marsh Farm estate broke into Bridge Farm Primary School.",
            "settings/social-housing settings/school",
            "settings/rural",
        ),
        (
            "Sgt. Church and Cllr. Park met at University Hospital.",
            "agencies/health",
            "agencies/faith",
        ),
        ("As a last resort they sued.", "", "area_types/coastal"),
        ("A cannabis farm was found.", "problem_types/drug-production", "settings/rural"),
        ("There were barriers to reporting.", "", "response_types/control-access"),
        ("They did not dare go out.", "", "response_types/school-lessons"),
        ("Boys were lighting fires there.", "problem_types/arson", "response_types/lighting"),
        ("He was sent to prison.", "", "settings/prison"),
        ("The Quiet Streets scheme began.", "", "settings/street"),
        ("The counsellor saw each of them.", "", "agencies/council"),
    ],
)
def test_set_words_do_not_name_terms_one_by_one(
    text: str, told: str, not_told: str, home: Path
) -> None:
    found = named(text)
    assert set(told.split()) <= found
    assert not set(not_told.split()) & found


def test_figures_of_speech_mislead_fields_that_there_are(home: Path) -> None:
    assert cues_of("figures_of_speech").codes <= {"every", *TAG_FIELDS}


def test_what_led_to_a_suggestion_stands_in_the_text(home: Path) -> None:
    text = (
        "Residents complained for years of youths racing and shouting in the car park.\n\n"
        "Police analysed calls and found that most came on Sunday evenings.\n\n"
        "The council, police, schools and shopkeepers installed gates and cameras, trained "
        "volunteers, mentored the boys and seized bikes.\n\n"
        "Complaints fell by 60% compared with the year before."
    )
    tags = structure_of(blocks_of(text), title="Quiet evenings").tags
    assert tags["intervention_levels"]
    for field in TAG_FIELDS:
        for tag in tags[field]:
            for words in tag.because.split(", "):
                assert words in f"Quiet evenings {text}", (field, tag.code)


def test_who_says_that_nobody_evaluated_it_independently_is_believed() -> None:
    told = ["Thefts fell from 60 to 40 in a year.", "Not independently evaluated."]
    assert {tag.code for tag in practice_stages(told, told=" ".join(told))} == {"evaluated-locally"}
