"""What a document is called, and which of its lines tell nothing."""

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from crawlers.document import Block, Document, blocks_of
from crawlers.document_title import title_of
from crawlers.furniture import is_furniture, without_marking
from crawlers.structure import structure_of

GATES = "Alley gates in Castle ward"
TOLD = "Residents told us that burglars came in by the back alleys, and that few were caught."


@pytest.mark.parametrize(
    "line",
    [
        "Westbrook Borough Council",
        "Westbrook Borough Council, Town Hall, Market Square, Westbrook WB1 2CD",
        "Avon and Somerset Constabulary",
        "London Borough of Sampleton",
        "Sampleton City Council Civic Centre, High Street",
        "Town Hall, Market Square, Westbrook",
        "Westbrook MBC",
        "Thames Valley Police and Milton Keynes City Council",
        "Our ref: CST/2024/017",
        "Next meeting: Tuesday 9 April 2024, 7pm, Avenue Library.",
        "PO Box 12, Sampleton",
        "OFFICIAL",
        "Official - Sensitive",
        "FOR OFFICIAL USE ONLY",
        "Not protectively marked",
        "DRAFT v0.3",
        "Dear colleague",
        "Dear Sir or Madam,",
        "Page 1 of 2",
        "Page 1 CSP_report_final_v3.docx",
        "12.03.2022",
        "Date: 3 October 2023",
        "17",
        "",
    ],
)
def test_lines_that_tell_nothing(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        GATES,
        "Westbrook Borough Council and alley gates",
        "Sampleton Police stop burglars",
        "Draft plan for the seafront",
        "Official figures on burglary",
        "Version control of keys",
        "12 ways to stop burglary",
        "All quiet",
        "Operation Sceptre.",
        "The council phoned all tenants, tel: 01632 960123 was busy for a week.",
    ],
)
def test_lines_that_tell_something(line: str) -> None:
    assert not is_furniture(line)


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        # A letter, and a report with marking, page number and file name before its title.
        (("Westbrook Borough Council", "OFFICIAL", "Dear colleague", GATES, TOLD), GATES),
        (("Page 1 of 9", "report_final_v3.docx", f"# {GATES}", TOLD), GATES),
        (("OFFICIAL - SENSITIVE", f"OFFICIAL: {GATES}", TOLD), GATES),
        (("Town Hall, Market Square, Westbrook WB1 2CD", "12 May 2023", GATES, TOLD), GATES),
        # What a form or a memo calls itself, and not which form it is.
        (("# Good practice form", f"Name of project: {GATES}", "Area: Westbrook"), GATES),
        (("MEMO", "From: the warden", f"Subject: {GATES}", TOLD), GATES),
        (("Briefing note for Members", GATES, TOLD), GATES),
        (("AWARD ENTRY FORM 2019", f"Project name: {GATES}", "Force: Kent Police"), GATES),
        (("# Problem Solving Plan (OSARA)", f"Problem title | {GATES}", TOLD), GATES),
        (("PRESS RELEASE", "Embargoed until 5 June 2023", GATES, TOLD, "ENDS"), GATES),
        ((GATES, TOLD, "# Northern towns follow"), GATES),
        (
            ("Operation Cornerstone Milton Police Department", TOLD),
            "Operation Cornerstone Milton Police Department",
        ),
        (
            ("Operation Dodger.", "Application to the Tilley Awards 2005.", TOLD),
            "Operation Dodger.",
        ),
        (("03-53", "# OAK HILL", TOLD), "OAK HILL"),
        (("OFFICIAL", "and few of them were caught in the act", f"{TOLD} " * 3), ""),
        ((f"Subject: | {GATES}", "# 1. Purpose of report", TOLD), GATES),
        (("Briefing note for Members", TOLD), "Briefing note for Members"),
        # A title may begin as a heading of a stage does.
        ((f"EVALUATION: {GATES}", TOLD), f"EVALUATION: {GATES}"),
        ((f"# Evaluation of {GATES}", TOLD), f"Evaluation of {GATES}"),
        ((GATES, "Scanning", TOLD), GATES),
        (("Scanning", TOLD), ""),
        # Only furniture: no title is better than a false one.
        (("Westbrook Borough Council", "OFFICIAL", f"{TOLD} " * 3), ""),
    ],
)
def test_titles_by_the_first_lines(lines: tuple[str, ...], title: str) -> None:
    assert title_of(Document(blocks=blocks_of("\n\n".join(lines)))) == title


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Gates that worked", "Gates that worked"),
        ("Microsoft Word - gates.doc", GATES),
        ("CSP_report_final_v3", GATES),
        ("Westbrook Borough Council", GATES),
        ("OFFICIAL", GATES),
        ("Committee report template", GATES),
        ("", GATES),
    ],
)
def test_a_stated_title_counts_where_it_is_one(stated: str, title: str) -> None:
    blocks = [Block("heading", GATES), Block("text", TOLD)]
    assert title_of(Document(title=stated, blocks=blocks)) == title


@pytest.mark.parametrize(
    "title", ["EVALUATION: Quiet Streets", "# Evaluation of the lights", "# Response to bikes"]
)
def test_a_title_is_no_heading_of_a_section(title: str) -> None:
    parts = (
        f"Background\n\n{TOLD}",
        "What we did\n\nWe put up gates at both ends of the alleys.",
        "What happened\n\nBurglary fell from 64 to 21 in a year.",
        "What we learned\n\nAsk everybody before the gates are made.",
    )
    texts = structure_of(blocks_of("\n\n".join((title, *parts)))).texts()
    assert texts == {
        "scanning": TOLD,
        "analysis": "",
        "response": "We put up gates at both ends of the alleys.",
        "assessment": "Burglary fell from 64 to 21 in a year.\n\n"
        "Ask everybody before the gates are made.",
    }


def test_a_first_heading_of_a_stage_stays_one() -> None:
    text = f"The problem\n\n{TOLD}\n\nResults\n\nBurglary fell from 64 to 21 in a year."
    texts = structure_of(blocks_of(text)).texts()
    assert (texts["scanning"], texts["assessment"]) == (
        TOLD,
        "Burglary fell from 64 to 21 in a year.",
    )


def test_lines_of_a_form_tell_the_stages_before_their_colons() -> None:
    text = (
        f"Area: Westbrook\n\nProblem: {TOLD}\n\nWhat was done: Gates were put up.\n\n"
        "Cost: £400\n\nResult: Burglary fell by half."
    )
    assert structure_of(blocks_of(text)).texts() == {
        "scanning": TOLD,
        "analysis": "",
        "response": "Gates were put up.",
        "assessment": "Burglary fell by half.",
    }


def test_numbered_lines_are_headings_where_they_name_several_stages() -> None:
    text = (
        f"Author: Head of Community Safety\n\n1. The problem\n\n1.1 {TOLD}\n\n"
        "2. What was done\n\n2.1 Gates were put up.\n\n3. Outcome\n\n3.1 Burglary fell by half."
    )
    assert structure_of(blocks_of(text)).texts() == {
        "scanning": TOLD,
        "analysis": "",
        "response": "Gates were put up.",
        "assessment": "Burglary fell by half.",
    }


def test_letterheads_and_page_numbers_are_in_no_section() -> None:
    text = (
        "Westbrook Borough Council, Town Hall, Westbrook WB1 2CD\n\nOFFICIAL\n\n"
        f"{GATES}\n\n{TOLD} Residents complained for years about burglary.\n\n"
        "Page 1 of 2\n\nPolice data showed that most came by the back, as gates were broken.\n\n"
        "The council installed 14 gates and set up patrols.\n\n"
        "Burglary fell by a third compared with the year before."
    )
    told = " ".join(structure_of(blocks_of(text)).texts().values())
    assert "set up patrols" in told
    assert not any(words in told for words in ("Town Hall", "OFFICIAL", "Page 1", GATES))


@pytest.mark.parametrize("piece", ["1 ", "Page 1 of 2 ", "OFFICIAL ", "Council, ", "a_b.pdf "])
def test_a_very_long_line_is_no_furniture_and_keeps_nobody_waiting(piece: str) -> None:
    assert not is_furniture(piece * 50_000)


@examples(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=6), st.text(max_size=40))
def test_any_lines_give_a_title_or_none(lines: list[str], stated: str) -> None:
    blocks = [Block("heading" if len(line) % 2 else "text", line) for line in lines]
    title = title_of(Document(title=stated, blocks=blocks))
    assert title in ("", stated) or any(title in line for line in lines)
    assert without_marking(stated) in stated
