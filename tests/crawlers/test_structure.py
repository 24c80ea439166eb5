"""SARA sections and terms of texts."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from crawlers.cues import likely_stages, split_in_order
from crawlers.document import Block, blocks_of
from crawlers.stages import STAGES, heading_of
from crawlers.structure import sections_of, structure_of

STORY = """
Residents complained for years about youths riding off-road bikes in the park. The problem had
grown and people were afraid to walk there.

Police analysed calls for service and surveyed residents. The data showed that most incidents were
on Sunday afternoons, because there was nowhere else to ride.

The partnership installed gates, set up a supervised track and trained volunteers. Officers began
patrols and seized bikes.

Complaints fell by 60% compared with the year before. The evaluation found no displacement, and the
reduction was sustained.
"""


@pytest.mark.parametrize(
    ("line", "alone", "stages"),
    [
        ("Scanning", False, ["scanning"]),
        ("SCANNING:", False, ["scanning"]),
        ("1. Scanning", True, ["scanning"]),
        ("B. Analysis:", False, ["analysis"]),
        ("III. RESPONSE", True, ["response"]),
        ("© Scanning:", False, ["scanning"]),
        ("Scanning: In 2009 two zones had more crime.", False, ["scanning"]),
        ("Analysis - It was found that", False, ["analysis"]),
        ("Response — We created a project.", False, ["response"]),
        ("SCANNING During the first phase of it", False, ["scanning"]),
        ("Assessment. The scheme worked.", False, ["assessment"]),
        ("ANALYSIS PHASE", True, ["analysis"]),
        ("Scanning and Analysis", True, ["scanning", "analysis"]),
        ("Scanning/Analysis:", False, ["scanning", "analysis"]),
        ("The problem", True, ["scanning"]),
        ("What was the problem?", True, ["scanning"]),
        ("The need", True, ["scanning"]),
        ("The effect", True, ["assessment"]),
        ("Describe the problem:", True, ["scanning"]),
        ("Please describe what you did", True, ["response"]),
        ("Tell us about the results", True, ["assessment"]),
        ("What we learned", True, ["assessment"]),
        ("5. Next steps", True, []),
        ("Causes of the problem", True, ["analysis"]),
        ("What we did", True, ["response"]),
        ("Results", True, ["assessment"]),
        ("Lessons learned", True, ["assessment"]),
        ("Evaluation and results", True, ["assessment"]),
        ("References", True, []),
    ],
)
def test_headings_of_stages(line: str, alone: bool, stages: list[str]) -> None:
    found = heading_of(line, alone=alone)
    assert found is not None
    assert list(found.stages) == stages


@pytest.mark.parametrize(
    ("line", "alone"),
    [
        ("The analysis showed that bikes were stolen", False),
        ("analysis: of the data", False),
        ("Response-based policing in towns", False),
        ("Analysts found a pattern", False),
        ("Needs assessment", True),
        ("Our town", True),
        ("Scanning ................ 3", False),
        ("The results of this were that nobody came to the meeting in the end", True),
    ],
)
def test_what_is_no_heading(line: str, alone: bool) -> None:
    found = heading_of(line, alone=alone)
    assert found is None or found.sure == "leaning"


def test_sections_by_headings_hold_the_text_between_them() -> None:
    text = (
        "A title\n\nScanning: There was a problem with bikes here.\nIt grew.\n\n"
        "ANALYSIS\nIt was worst on Sundays.\n\nResults of the survey\n\nMany agreed.\n\n"
        "Response\nGates were put up by the council.\n\nAssessment\nComplaints fell by a half.\n\n"
        "REFERENCES\nA book, 1999."
    )
    sections = sections_of(blocks_of(text))
    assert {name: section.found_by for name, section in sections.items()} == dict.fromkeys(
        STAGES, "heading"
    )
    assert sections["scanning"].text == "There was a problem with bikes here. It grew."
    assert "Many agreed." in sections["analysis"].text
    assert "book" not in sections["assessment"].text
    assert sections["scanning"].confidence > 0.9


def test_headings_in_other_words() -> None:
    blocks = [
        Block("heading", "The problem"),
        Block("text", "Bikes were stolen at the station every day."),
        Block("heading", "What we did"),
        Block("text", "Better racks were put in by the railway."),
        Block("heading", "Results"),
        Block("text", "Thefts fell by a third within a year."),
    ]
    sections = sections_of(blocks)
    assert [name for name, section in sections.items() if section.text] == [
        "scanning",
        "response",
        "assessment",
    ]
    assert sections["response"].confidence < 0.9


def test_headings_that_stand_beside_the_text_are_matched_to_it() -> None:
    text = "THE PROBLEM:\n\nANALYSIS:\n\nRESPONSE:\n\nASSESSMENT:\n\n" + STORY
    sections = sections_of(blocks_of(text))
    assert "complained for years" in sections["scanning"].text
    assert "surveyed residents" in sections["analysis"].text
    assert "installed gates" in sections["response"].text
    assert "fell by 60%" in sections["assessment"].text
    assert all(section.confidence < 0.6 for section in sections.values())


def test_a_text_without_headings_is_told_apart_by_meaning() -> None:
    structure = structure_of(blocks_of(STORY))
    sections = structure.sections
    assert {section.found_by for section in sections.values()} == {"meaning"}
    assert "complained for years" in sections["scanning"].text
    assert "surveyed residents" in sections["analysis"].text
    assert "installed gates" in sections["response"].text
    assert "no displacement" in sections["assessment"].text
    assert all(0 < section.confidence <= 0.6 for section in sections.values())
    assert all(section.passage in section.text for section in sections.values())
    assert any("meaning" in warning for warning in structure.warnings)


def test_a_text_of_another_kind_has_no_sections() -> None:
    text = "The new car has four seats and comes in red. It costs more than the old one. " * 5
    structure = structure_of(blocks_of(text))
    assert not any(structure.texts().values())
    assert structure.warnings == ["No SARA sections were found."]
    assert structure_of([]).texts() == dict.fromkeys(STAGES, "")


def test_paths_through_stages() -> None:
    clear = [[3, 0, 0, 0], [0, 3, 0, 0], [0, 0, 3, 0], [0, 0, 0, 3]]
    assert likely_stages(clear) == [0, 1, 2, 3]
    assert len(likely_stages([[0, 0, 0, 0]])) == 1
    assert likely_stages([]) == []
    assert split_in_order(clear, [0, 1, 2, 3]) == [0, 1, 2, 3]
    assert split_in_order([[0, 0, 0, 0]] * 4, [0, 2, 3])[0] == 0
    assert split_in_order([[0, 0, 0, 0]] * 4, [0, 2, 3])[-1] == 3


def test_terms_come_with_confidence_and_the_words_that_led_to_them() -> None:
    structure = structure_of(
        blocks_of(STORY + "\nAlley gates stopped burglary. Domestic burglary was rare."),
        title="Alley gates against domestic burglary",
    )
    problem = structure.tags["problem_types"][0]
    assert problem.code == "burglary-dwelling"
    assert "domestic burglary" in problem.because
    assert problem.confidence >= 0.8
    assert all(0 < tag.shown < 1 for tags in structure.tags.values() for tag in tags)


def test_a_term_in_passing_counts_less_than_one_in_the_title() -> None:
    passing = "Words about nothing much at all in this town. " * 40 + "A burglary was mentioned."
    structure = structure_of(blocks_of(passing), title="A day in town")
    tags = {tag.code: tag.confidence for tag in structure.tags["problem_types"]}
    assert tags.get("burglary", 0) < 0.6


def test_short_lines_of_plain_text_are_headings_where_they_name_several_stages() -> None:
    text = (
        "Background\n\nDealers had taken over the flats of tenants, who were afraid.\n\n"
        "What we did\n\nOfficers served closure orders on six flats and fitted doors.\n\n"
        "Results\n\nCalls fell from 212 to 88 in the year after the orders were served."
    )
    sections = structure_of(blocks_of(text)).sections
    assert {stage for stage, one in sections.items() if one.found_by == "heading"} == {
        "scanning",
        "response",
        "assessment",
    }
    assert sections["response"].text.startswith("Officers served")
    alone = structure_of(blocks_of(text.replace("Background\n\n", "").replace("Results\n\n", "")))
    assert "heading" not in {one.found_by for one in alone.sections.values()}


def test_what_says_that_nothing_was_evaluated_is_not_ticked_as_evaluated() -> None:
    told = "We fitted gates.\n\nBurglary fell by 40% in the year after the gates."
    (stage,) = structure_of(blocks_of(told)).tags["stages"]
    assert (stage.code, stage.ticked) == ("evaluated-locally", True)
    (stage,) = structure_of(blocks_of(f"{told} No formal evaluation was made.")).tags["stages"]
    assert (stage.code, stage.ticked) == ("evaluated-locally", False)
    assert "No formal evaluation" in stage.because


def test_award_levels_need_an_award() -> None:
    without = structure_of(blocks_of("The final report was submitted to the council."))
    with_award = structure_of(blocks_of("The project was a finalist for the Tilley Award."))
    assert without.tags["awards"] == []
    assert [tag.code for tag in with_award.tags["awards"]] == ["finalist"]


@pytest.mark.parametrize(
    "told",
    [
        "2009 Herman Goldstein Award Submission",
        "Herman Goldstein Award for Excellence in Problem-Oriented Policing: Nomination",
        "I am pleased to nominate Officer Lee for this year's Tilley Award.",
        "To the Goldstein Award Selection Committee",
    ],
)
def test_an_entry_whose_result_is_not_told_is_not_said_to_have_lost(told: str) -> None:
    (award,) = structure_of(blocks_of(f"{told}\n\nGraffiti covered the walls.")).tags["awards"]
    assert (award.code, award.ticked) == ("not-stated", True)
    won = structure_of(blocks_of(f"{told}\n\nThe project won the Tilley Award.")).tags["awards"]
    assert [tag.code for tag in won] == ["winner"]


@pytest.mark.data
def test_named_stages_of_real_first_pages_are_found(data_dir: Callable[[str], Path]) -> None:
    """A stage is named when its word begins a line with a mark after it, alone or in capitals."""
    labels = re.compile(
        r"^[\W_]*(?:(?:[A-H]|[IVX]+|\d+)[.):]?\s+)?"
        r"(SCANNING|ANALYSIS|RESPONSE|ASSESSMENT|Scanning|Analysis|Response|Assessment)\b"
        r"(?=\s*(?:$|[:;.\-\u2013\u2014]))",
        re.M,
    )
    named = found = 0
    for line in data_dir("pop/first-pages.jsonl").read_text("utf-8").splitlines():
        text = json.loads(line)["text"]
        stages = {match[1].lower() for match in labels.finditer(text)}
        if stages:
            sections = sections_of(blocks_of(text))
            named += len(stages)
            found += sum(sections[stage].found_by == "heading" for stage in stages)
    assert named > 500
    assert found / named >= 0.94


def test_a_letter_is_parted_between_its_greeting_and_its_close() -> None:
    told = (
        "Burglars came by the alleys and residents complained for years.\n\n"
        "Police data showed that most came by the back door because of unlocked gates.\n\n"
        "The council installed gates and set up patrols with its partners.\n\n"
        "Burglary fell by a third compared with the year before."
    )
    letter = (
        "Crime Problems Research Office, 1 Long Street\n\nDear Mr Example,\n\n"
        f"{told}\n\nSincerely,\n\nResults Reduction Evaluation Unit"
    )
    texts = structure_of(blocks_of(letter)).texts()
    assert texts == structure_of(blocks_of(told)).texts()
    assert all(texts.values())


def test_a_label_in_capitals_before_its_text_is_a_heading() -> None:
    found = heading_of("THE PROBLEM: University Avenue drew complaints.", alone=False)
    assert found is not None
    assert (found.stages, found.rest) == (("scanning",), "University Avenue drew complaints.")
    assert heading_of("SAN DIEGO: University Avenue drew complaints.", alone=False) is None
    assert heading_of("The problem: University Avenue drew complaints.", alone=False) is None


@pytest.mark.parametrize(
    ("opening", "scanning"),
    [
        ("Skaters were damaging property downtown and residents complained of injuries.", True),
        ("Since the gates were fitted burglary has fallen by 40% and residents feel safer.", False),
        ("Healdsburg Police Department", False),
    ],
)
def test_the_problem_that_stands_before_the_analysis_is_scanning(
    opening: str, scanning: bool
) -> None:
    text = (
        f"Skate park\n\n{opening}\n\nANALYSIS\n\nOfficers mapped where the incidents happened.\n\n"
        "RESPONSE\n\nA park for skaters was built by the city with the help of many people."
    )
    sections = sections_of(blocks_of(text))
    assert sections["scanning"].text == (opening if scanning else "")
    assert sections["analysis"].text == "Officers mapped where the incidents happened."


def test_the_rows_of_a_form_tell_the_stages_they_name() -> None:
    rows = (
        "Force | Kent Police",
        "Problem | Vans were broken into at night in the lanes near the docks.",
        "Response | Officers marked tools at weekends with the council.",
        "Cost | £15,000",
        "Result | Half as many vans were broken into in the year after.",
    )
    found = sections_of([Block("row", row) for row in rows])
    assert [section.text for section in found.values()] == [
        "Vans were broken into at night in the lanes near the docks.",
        "",
        "Officers marked tools at weekends with the council.",
        "Half as many vans were broken into in the year after.",
    ]


@pytest.mark.parametrize("between", ["\n\n", "\n"])
def test_bare_headings_straight_above_their_text(between: str) -> None:
    text = between.join(
        (
            "The problem\nBikes were stolen at the station.\nMost went in summer.",
            "What we did\nWe put up racks where staff can see them.",
            "What happened\nThefts fell from 64 to 21 in a year.",
        )
    )
    sections = structure_of(blocks_of(text)).sections
    assert {stage: one.text for stage, one in sections.items() if one.text} == {
        "scanning": "Bikes were stolen at the station. Most went in summer.",
        "response": "We put up racks where staff can see them.",
        "assessment": "Thefts fell from 64 to 21 in a year.",
    }
    assert {one.found_by for one in sections.values() if one.text} == {"heading"}


def test_a_short_sentence_under_a_heading_is_kept_and_contents_are_not() -> None:
    told = "Response\n\nGates.\n\nAssessment\n\nThefts fell by half.\n"
    sections = structure_of(blocks_of(told)).sections
    assert sections["response"].text == "Gates."
    assert sections["assessment"].text == "Thefts fell by half."
    contents = "# Response\n\npage 4\n\n# Assessment\n\npage 7\n"
    assert not any(
        one.found_by == "heading" for one in structure_of(blocks_of(contents)).sections.values()
    )
