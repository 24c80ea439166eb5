"""Names of people and private mailboxes, told from names of bodies and team mailboxes."""

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from kb.named_people import is_shared_mailbox, named_people


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "PC Jo Hale and Sgt. Ahmed Khan led; Cllr Mary O'Neil and Mrs P. Jones helped.",
            ["PC Jo Hale", "Sgt. Ahmed Khan", "Cllr Mary O'Neil", "Mrs P. Jones"],
        ),
        ("Author: Insp. Sarah Ní Bhriain, PSNI", ["Insp. Sarah Ní Bhriain"]),
        ("Garda Pádraig Ó Sé of An Garda Síochána", ["Garda Pádraig Ó Sé"]),
        ("Det Insp Lucy Marsh, T/Sgt Bob Hill", ["Det Insp Lucy Marsh", "Sgt Bob Hill"]),
        ("OIC: PC 4521 Hale, J", ["PC 4521 Hale, J"]),
        ("PC Jo Hale Gwent Police spoke.", ["PC Jo Hale"]),
        (
            "Alan Batty (Medway Council) and Liz O'Connor-Smith",
            ["Alan Batty", "Liz O'Connor-Smith"],
        ),
        ("Author: Cosima Bright", ["Cosima Bright"]),
        # A role behind a name, or a label before it, says that it is a person's, however rare.
        ("Oluwaseun Adebayo, project lead", ["Oluwaseun Adebayo"]),
        ("contact: Siân ap Rhys", ["Siân ap Rhys"]),
        ("Project manager: Zainab Chowdhury-Reilly.", ["Zainab Chowdhury-Reilly"]),
        ("It was chaired by Parminder Sandhu, Head of Communities.", ["Parminder Sandhu"]),
        ("Łukasz Nowak (community safety officer) spoke.", ["Łukasz Nowak"]),
        ("We asked Kwame Mensah, our analyst, to count.", ["Kwame Mensah"]),
        ("Mairi NicDhòmhnaill, Development Officer", ["Mairi NicDhòmhnaill"]),
        ("said Siobhán Ní Cheallaigh of St Mungo's", ["Siobhán Ní Cheallaigh"]),
        ("Maya Begum - Licensing Manager", ["Maya Begum"]),
        ("Contact: Haringey Council. Contact: Merseyside Police. Contact: Safer Streets", []),
        ("Project lead: Kent Police. West Yorkshire, Rural Crime Coordinator", []),
        ("In Moss Side, an officer spoke. Milton Keynes, project lead; Victim Support, mentor", []),
        ("White Ribbon Campaign, manager. Priory Heath Park, warden. Lee Valley Park", []),
        ("Cedar Grove School, headteacher. Beckett Road, officer. Police and Fire, director", []),
        ("The Joseph Rowntree Foundation and James Cook University Hospital paid.", []),
        ("Washington, DC Metropolitan Police; the Garda Station at John Street.", []),
        ("The Sir Robert Peel Award. Dr Barnardo's Homes. Kelly Park. St John Ambulance.", []),
        ("Chief Inspector of Police. The Detective Sergeant Role.", []),
    ],
)
def test_people_are_found_as_they_are_named(text: str, names: list[str]) -> None:
    found = named_people(text)
    assert [one.name for one in found] == names
    assert all(text[one.start : one.end] == one.name for one in found)


@pytest.mark.parametrize(
    "name",
    [
        "asb.team",
        "communitysafety",
        "newport.asb",
        "safernewport",
        "housing",
        "Enquiries-North",
        "no.reply",
        "westyorkshire.vru",
    ],
)
def test_a_mailbox_of_a_team_is_nobodys_own(name: str) -> None:
    assert is_shared_mailbox(f"{name}@newport.westyorkshire.example")


@pytest.mark.parametrize(
    "name", ["jane.smith", "john", "webb", "newsome", "j.west", "west", "jane.police", "may", ""]
)
def test_a_mailbox_of_a_person_is(name: str) -> None:
    assert not is_shared_mailbox(f"{name}@town.example")


@examples(max_examples=60, deadline=None)
@given(st.text(alphabet="PCSgtMr. AOo'Neil-\u00d3\n,@9", max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    for one in named_people(text):
        assert text[one.start : one.end] == one.name
    assert is_shared_mailbox(text) in (True, False)
