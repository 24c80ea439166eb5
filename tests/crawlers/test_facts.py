"""Costs, dates, places, organisations and roles in running text."""

import re
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from crawlers.contacts import contacts_in, without_contacts
from crawlers.draft import draft_of
from crawlers.facts import Known, facts_of
from crawlers.facts.found import word_set
from crawlers.facts.gazetteer import KnownPlace
from crawlers.judged_facts import FACT_FIELDS
from kb.records.practice import PracticeIn
from tests.crawlers.documents import extracted

pytestmark = pytest.mark.usefixtures("home")

WARDENS = (
    "Traders in Harrowbridge, a market town in Kent, had complained since 2014 about drinkers.\n\n"
    "In April 2016 Harrowbridge Borough Council took on four wardens, with Kent Police. They cost "
    "£120,000 in the first year (2016 prices). The scheme ran until March 2019.\n\n"
    "Complaints fell by a third between April 2016 and March 2017.\n\n"
    "Community Safety Manager, Harrowbridge Borough Council: Jane Smith, 01632 960123, "
    "jane.smith@harrowbridge.example"
)


def costs(text: str) -> list[tuple[str, str, float, float | None, int | None]]:
    return [
        (one.kind, one.currency, one.low, one.high, one.price_year) for one in facts_of(text).costs
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The gates cost £20,000 to £24,000 (2004 prices).", ("spent", "GBP", 2e4, 2.4e4, 2004)),
        ("We had a budget of €1.5 million.", ("planned", "EUR", 1.5e6, None, None)),
        ("The city paid $35,000 for software.", ("spent", "USD", 35e3, None, None)),
        ("It saved between two and three million pounds.", ("saved", "GBP", 2e6, 3e6, None)),
        ("Searches cost the force £3.4m.", ("lost", "GBP", 3.4e6, None, None)),
        ("The teams cost EUR 40 000 beyond wages.", ("spent", "EUR", 4e4, None, None)),
        ("Lockers were bought for A$80,000.", ("spent", "AUD", 8e4, None, None)),
        ("It cost £64,000, plus a little a year.", ("spent", "GBP", 64e3, None, None)),
        ("Thefts cost dear, costing the diocese about £9,000.", ("lost", "GBP", 9e3, None, None)),
        ("We bought 40 lamps at £85 each (£3,400).", ("spent", "GBP", 3_400, None, None)),
        ("Training cost 6 x £1,450 = £8,700.", ("spent", "GBP", 8_700, None, None)),
        ("Cost: £64,000 (two staff at £27,500 and £9,000).", ("spent", "GBP", 64e3, None, None)),
        ("The £2,000 budget was spent on lamps.", ("spent", "GBP", 2_000, None, None)),
        ("Up to £3,000 could be spent on trees.", ("planned", "GBP", 3_000, None, None)),
        ("It came in under budget at £9,400.", ("spent", "GBP", 9_400, None, None)),
        ("It will cost £5,000 to run.", ("planned", "GBP", 5_000, None, None)),
        ("We hoped for savings of £12,000.", ("hoped", "GBP", 12e3, None, None)),
        ("Potential savings of £40,000 were told.", ("hoped", "GBP", 4e4, None, None)),
        ("It is hoped that it will save £9,000.", ("hoped", "GBP", 9_000, None, None)),
        ("Savings of about £2,000 are projected.", ("hoped", "GBP", 2_000, None, None)),
        ("Fires cost landlords £120,000.", ("lost", "GBP", 12e4, None, None)),
        ("Cost: approx £9k (£5k racks, £4k cameras)", ("spent", "GBP", 9_000, None, None)),
        ("The set-up cost was £500.", ("spent", "GBP", 500, None, None)),
        ("An insurer paid £1.3m in claims.", ("lost", "GBP", 1.3e6, None, None)),
        ("Alarms at an average cost of £48, a total of £960.", ("spent", "GBP", 960, None, None)),
        ("It saved the police £9,000, we expect.", ("saved", "GBP", 9_000, None, None)),
        (
            "The project cost £38,500: £21,000 for a worker, £9,500 for doors and £8,000 for CCTV.",
            ("spent", "GBP", 38_500, None, None),
        ),
    ],
)
def test_sums_are_read_with_what_became_of_them(text: str, found: tuple[object, ...]) -> None:
    assert costs(text) == [found]


@pytest.mark.parametrize(
    "text",
    [
        "Each man pays with a £1 token, and a £20 prize is drawn.",
        "Books weigh a pound each.",
        "For each £1 spent, £2.40 was saved.",
        "Drivers were fined $250.",
        "Marshals are paid £18 per hour.",
        "Burglary fell by 40% in 2012.",
        "A grant of £250k was received.",
        "The scheme received a grant of £25,000 from the Home Office and £4,000 from Tesco.",
        "Funding: Safer Streets Fund, £40,000; Onward Homes, £16,150.",
        "We put in a bid for £30,000.",
        "The Commissioner was asked for a further £15,000 but this was refused.",
        "CCTV at £8,000 was planned but not made.",
        "A closure would have cost £30,000.",
        "Tesco promised £5,000.",
    ],
)
def test_what_is_no_cost_is_left(text: str) -> None:
    assert costs(text) == []


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("The gates cost about £20,000.", ["Gates"]),
        ("In the end we spent £17,450 on the shelter and its lights.", ["Shelter and its lights"]),
        ("We bought 40 lamps at £85 each (£3,400).", ["We bought 40 lamps"]),
        ("We spent £900 on paint and £600 on hire of a van.", ["Paint", "Hire of a van"]),
        ("Costs: equipment £4,500, training of £2,000.", ["Equipment", "Training"]),
        ("The council paid for posters (£380) and a school gave time.", ["Posters"]),
        ("Set-up costs: 4 bins x £1,200 = £4,800", ["Set-up costs: 4 bins"]),
        ("Of this £180,000 went on lighting and £95,000 on CCTV.", ["Lighting", "CCTV"]),
        ("Mentor's pay (0.6 FTE): £19,200 per annum", ["Mentor's pay (0.6 FTE)"]),
        (
            "We spent £18k on boards and about £250 a month on a guard.",
            ["Boards", "Guard (a month)"],
        ),
        ("# Costs\n\n- 210 kits @ £18.50 = £3,885", ["210 kits"]),
        ("It cost £2,000 to fit the gates.", ["It cost £2,000 to fit the gates"]),
    ],
)
def test_a_cost_is_named_after_what_it_was_for(text: str, items: list[str]) -> None:
    assert [one.item for one in extracted(text).facts.costs] == items


def test_what_is_paid_each_month_is_no_cost_of_each_year() -> None:
    found = facts_of("A guard cost £250 a month. Radios cost £90 a year.").costs
    assert [one.recurring for one in found] == [None, True]


def dates(text: str) -> set[tuple[str, str, str]]:
    return {(one.kind, one.date, one.until) for one in facts_of(text).dates}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The project was launched in March 2010.", {("started", "2010-03", "")}),
        ("Wardens have walked the park since 5 May 2017.", {("started", "2017-05-05", "")}),
        ("The scheme came to an end in July 2022.", {("ended", "2022-07", "")}),
        (
            "The trial ran from 1 July to 31 December 2012.",
            {("started", "2012-07-01", ""), ("ended", "2012-12-31", "")},
        ),
        (
            "Thefts fell by 38% between January and June 2017.",
            {("evaluated", "2017-01", "2017-06")},
        ),
        ("Calls went from 90 in 2003 to 52 in 2005.", {("evaluated", "2003", "2005")}),
        (
            "Thefts fell from 61 to 9 in the twelve months to March 2021.",
            {("evaluated", "2020-04", "2021-03")},
        ),
        ("The Prison Rules 1999 promise a library.", set()),
        ("Residents had complained since 2014 about noise.", set()),
    ],
)
def test_dates_are_read_by_what_they_tell(text: str, found: set[tuple[str, str, str]]) -> None:
    assert dates(text) == found


def test_places_are_known_or_said_to_be_places() -> None:
    found = {one.name: one for one in facts_of(WARDENS).places}
    assert set(found) == {"Kent", "Harrowbridge"}
    pair = facts_of("Four motels in Pinecrest, Ohio drew calls.").places
    assert {(one.name, one.region, one.country) for one in pair} == {
        ("Pinecrest", "Ohio", "us"),
        ("Ohio", "", "us"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Officers asked 120 men in March about reading; most would march to a deal.",
        "Write to Suite 930, Washington, DC 20037.",
        "Sergeant Jackson and Mr Lincoln spoke. Bath time was at Main Street.",
    ],
)
def test_words_that_only_look_like_places_are_none(text: str) -> None:
    assert facts_of(text).places == []


def test_names_that_the_store_has_are_known() -> None:
    text = "Nightstop Calder gave beds in Thornacre to forty people."
    assert facts_of(text).organisations == []
    # Some records name only the kind of body; that must not cut short the names of others.
    kinds = ("City Council", "Health Board", "Police Department")
    known = Known((*kinds, "Nightstop Calder"), (KnownPlace("Thornacre", "town", "", "gb-eng"),))
    found = facts_of(text, known)
    assert [(one.name, one.known) for one in found.organisations] == [("Nightstop Calder", True)]
    assert [(one.name, one.country) for one in found.places] == [("Thornacre", "gb-eng")]
    text = "Newport City Council and Aneurin Bevan University Health Board met."
    assert {one.name for one in facts_of(text, known).organisations} == {
        "Newport City Council",
        "Aneurin Bevan University Health Board",
    }


@pytest.mark.parametrize(
    ("text", "country", "because"),
    [
        ("Burglary rose in Leeds in 2004.", "gb", ""),
        ("Burglary rose in Birmingham in 2004.", "", ""),
        ("Burglary rose in Birmingham. Gates cost £400.", "gb", "Gates cost £400."),
        ("Burglary rose in Cambridge. Medicaid paid for help.", "us", "Medicaid paid for help."),
        ("Burglary rose in Cambridge. Medicaid paid £400.", "", ""),
        # A place that leaves no doubt goes before words.
        ("Burglary rose in Birmingham and in Tuscaloosa. The FBI and £400 helped.", "us", ""),
        # A name that is only known abroad, of a small town there and of a city.
        ("Burglary rose in Northfield. Gates cost £400.", "", ""),
        ("Burglary rose in Northfield in 2004.", "us", ""),
        ("Burglary rose in Minneapolis. Gates cost £400.", "us", ""),
        # What the store has: a record in England, and one whose country nobody knows.
        ("Burglary rose in Bradford in 2004.", "gb-eng", ""),
    ],
)
def test_the_country_of_a_place_is_told_where_it_leaves_no_doubt(
    text: str, country: str, because: str
) -> None:
    known = Known(
        (), (KnownPlace("Bradford", "town", "", "gb-eng"), KnownPlace("Bradford", "town"))
    )
    found = facts_of(text, known).places[0]
    assert (found.country, found.because) == (country, because)


def test_a_draft_has_the_country_with_the_words_that_told_it() -> None:
    text = "# Gates in Birmingham\n\nBurglary fell in Birmingham. The gates cost £400."
    draft = draft_of(extracted(text))
    assert draft["draft"]["place"] == {"name": "Birmingham", "country": "gb"}
    assert draft["passages"]["place"]["passage"].endswith("\nThe gates cost £400.")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Barnardo's, Age UK and Plymouth City Council worked with Devon and Cornwall Police.",
            {"Barnardo's", "Age UK", "Plymouth City Council", "Devon and Cornwall Police"},
        ),
        ("SAN DIEGO POLICE DEPARTMENT, CALIFORNIA, 1998", {"San Diego Police Department"}),
        (
            "The University of Manitoba and the National Crime Prevention Centre took part.",
            {"University of Manitoba", "National Crime Prevention Centre"},
        ),
        ("The Police Department and the City Council met.", set()),
    ],
)
def test_organisations_are_told_from_kinds_of_body(text: str, names: set[str]) -> None:
    assert {one.name for one in facts_of(text).organisations} == names


WHOLE_NAMES = (
    "Newport City Council",
    "Aneurin Bevan University Health Board",
    "Brighton & Hove City Council",
    "Bournemouth, Christchurch and Poole Council",
    "Derry City and Strabane District Council",
    "King's Lynn and West Norfolk Borough Council",
    "Royal Borough of Kensington and Chelsea",
    "Royal Borough of Kingston upon Thames",
    "City of Edinburgh Council",
    "Newcastle upon Tyne City Council",
    "St. Albans City and District Council",
    "Dún Laoghaire-Rathdown County Council",
    "Devon & Cornwall Police",
    "University Hospitals of North Midlands NHS Trust",
    "University of the West of England",
    "University College London",
    "Université de Montréal",
    "Department of Justice (Northern Ireland)",
    "Office of the Police and Crime Commissioner for Gwent",
    "South Wales Fire and Rescue Service",
    "Youth Endowment Fund",
    "Clarion Housing Group",
    "Northern Ireland Housing Executive",
    "North East Ambulance Service NHS Foundation Trust",
    "Royal Devon and Exeter Hospital",
)


@pytest.mark.parametrize(
    "line",
    [
        "The work was led by {} in 2019.",
        "{} and Kent Police worked together.",
        "Kent Police, {} and Victim Support met.",
        "Partners: {}; Kent Police",
        "In Newport, {} ran patrols.",
    ],
)
def test_a_name_is_told_whole(line: str) -> None:
    for name in WHOLE_NAMES:
        assert name in {one.name for one in facts_of(line.format(name)).organisations}


def test_bodies_of_a_list_of_partners_need_no_telling_word() -> None:
    line = "Partners: Sussex Police; Stonewall Housing; Diversity Resource International."
    assert {one.name for one in facts_of(line).organisations} == {
        "Sussex Police",
        "Stonewall Housing",
        "Diversity Resource International",
    }


def test_a_role_is_found_with_its_body_and_a_name_is_marked() -> None:
    (role,) = facts_of(WARDENS).role_contacts
    assert (role.role, role.organisation) == (
        "Community Safety Manager",
        "Harrowbridge Borough Council",
    )
    signed = facts_of("Ask Ann Example, Head of Inclusion, Essex County Council.").role_contacts
    assert [(one.person, one.as_dict()["personal"]) for one in signed] == [("Ann Example", True)]


def test_everything_says_where_it_stands() -> None:
    facts = facts_of(WARDENS).as_dict()
    assert all(facts[name] for name in FACT_FIELDS)
    for listed in facts.values():
        for one in listed:
            assert WARDENS[one["start"] : one["end"]].strip()
            assert 0 < one["confidence"] <= 1
    cost = facts["costs"][0]
    assert WARDENS[cost["start"] : cost["end"]] == "£120,000"
    assert cost["passage"] == "They cost £120,000 in the first year (2016 prices)."


def test_the_draft_is_filled_and_holds_no_address() -> None:
    found = SimpleNamespace(**draft_of(extracted(WARDENS)))
    content = PracticeIn.model_validate({"title": "Wardens", **found.draft})
    assert content.costs[0].low == 120_000
    assert content.costs[0].price_year == 2016
    assert (content.started, content.ended) == ("2016-04", "2019-03")
    assert content.place is not None
    assert {one.organisation for one in content.partners} == {
        "Kent Police",
        "Harrowbridge Borough Council",
    }
    assert not content.contacts
    for name in ("costs", "started", "ended", "place", "partners"):
        assert (
            found.passages[name]["passage"] in WARDENS.replace("\n\n", " ")
            or "\n" in (found.passages[name]["passage"])
        )
    assert found.facts["role_contacts"][0]["organisation"] == "Harrowbridge Borough Council"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Head of Thornacre Residents Association.", {"Thornacre Residents Association"}),
        (
            "Education Scotland and City of Edinburgh Council met East Lindsey District Council.",
            {"City of Edinburgh Council", "East Lindsey District Council"},
        ),
        ("It began in the City of Fresno, California.", {"City of Fresno"}),
        ("The Office of the Auditor of Norway's view", {"Office of the Auditor of Norway"}),
        ("O Mount Vernon Police Department", {"Mount Vernon Police Department"}),
        ("Leonard Hamm Police Commissioner", set()),
        (
            "U.S. Department of Justice Office of Justice Programs",
            {"U.S. Department of Justice", "Office of Justice Programs"},
        ),
    ],
)
def test_a_body_is_named_without_what_stands_beside_it(text: str, names: set[str]) -> None:
    assert {one.name for one in facts_of(text).organisations} == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # The lines of a letterhead or a signature.
        (
            "Ann Rowland\n\nTown Centre Manager\n\nHarrowbridge Borough Council",
            {("Town Centre Manager", "Harrowbridge Borough Council", "Ann Rowland")},
        ),
        # The unit that is named behind a role.
        (
            "Please call Fiscal Administrator Pat Norton, Fiscal Management Bureau, at 555 0100.",
            {("Fiscal Administrator", "Fiscal Management Bureau", "Pat Norton")},
        ),
        # A form.
        (
            "Name: Ann Rowland\n\nPosition: Gates officer\n\nKent Police",
            {("Gates officer", "Kent Police", "Ann Rowland")},
        ),
        # Rows of a table of people; a rank beside a better role.
        (
            "Name | Role | Body\nIfeoma Nwosu | Night-time Economy Manager | Leeds City Council",
            {("Night-time Economy Manager", "Leeds City Council", "Ifeoma Nwosu")},
        ),
        ("Project manager | Shabana Yusuf", {("Project manager", "", "Shabana Yusuf")}),
        (
            "Ask PC Ann Hale, Rural Crime Officer, West Mercia Police.",
            {("Rural Crime Officer", "West Mercia Police", "Ann Hale")},
        ),
        # A person is no part of a role, nor is whoever is told beside it; a body's name may be.
        (
            "Author: Beth Ward, Halifax Town Centre Manager",
            {("Halifax Town Centre Manager", "", "Beth Ward")},
        ),
        (
            "Ask the Project Coordinator, or Sergeant Ann Hale, Kent Police.",
            {("Project Coordinator", "", ""), ("Sergeant", "Kent Police", "Ann Hale")},
        ),
        ("Contact: Borough Commander, Kent Police.", {("Borough Commander", "Kent Police", "")}),
        ("Beat Manager: PC 7123 Kelly Marsh", {("Beat Manager", "", "Kelly Marsh")}),
        # What says nothing of whom to ask; a body behind a role is no person.
        ("Lead: Leeds City Council\n\nEvaluated by Professor J. Hale of Leeds University", set()),
        ("Costs\n\nCoordinator (0.5 FTE) | £16,900 | Employed by Leeds City Council", set()),
        (
            "Lead: Folasade Ogunleye, Victims Coordinator, Suffolk Constabulary",
            {("Victims Coordinator", "Suffolk Constabulary", "Folasade Ogunleye")},
        ),
        # A rank is one to ask only where the text says so.
        ("Endorsed by Chief Inspector John Kelly.", {("Chief Inspector", "", "John Kelly")}),
        ("Chief Inspector John Kelly walked the streets at night.", set()),
        # Ranks cut short, accents, hyphens; behind a stop; in a form.
        (
            "Contact: Insp. Heather Sutton, Nottinghamshire Police.",
            {("Insp", "Nottinghamshire Police", "Heather Sutton")},
        ),
        (
            "Name: Siân Llewellyn-Jones\n\nRole: ASB Officer\n\nNewport City Council",
            {("ASB Officer", "Newport City Council", "Siân Llewellyn-Jones")},
        ),
        (
            "Contact officer: J. Hale, Community Safety Manager\n\nNewport City Council",
            {("Community Safety Manager", "Newport City Council", "J. Hale")},
        ),
        (
            "Contact: Dr Priya Nair, Consultant in Public Health, NHS Greater Glasgow and Clyde",
            {("Consultant in Public Health", "NHS Greater Glasgow and Clyde", "Priya Nair")},
        ),
        (
            "Contact the Neighbourhood Policing Inspector, West Yorkshire Police.",
            {("Neighbourhood Policing Inspector", "West Yorkshire Police", "")},
        ),
        # The head of a school is the head of the one that is named.
        (
            "Mayfield School had many fires. Its headteacher, Derek Trimmer, was asked.",
            {("headteacher", "Mayfield School", "Derek Trimmer")},
        ),
        # Who signs for the police signs for the force, not for the city.
        (
            "City of Phoenix\n\nPhoenix Police Department\n\nYours,\n\nPAT GARRETT\n\nPolice Chief",
            {("Police Chief", "Phoenix Police Department", "Pat Garrett")},
        ),
    ],
)
def test_roles_stand_with_their_bodies_and_names(
    text: str, found: set[tuple[str, str, str]]
) -> None:
    roles = facts_of(text).role_contacts
    assert {(one.role, one.organisation, one.person) for one in roles} == found


# --- whatever people hand in


PIECES = sorted(
    word_set(
        """Police Department of the City Council, £1,,.8m (2003 prices) between January and 2004 St.
        Mr. D.C. 0/0/0 31 February 1999 to 1998 A.B.C. $ € million"""
    )
)
ODD = st.one_of(
    st.text(max_size=400),
    st.text(alphabet="0123456789 .,-/£$%\n", max_size=400),
    st.text(alphabet="\u05d0\u05d1\u0627\u0628\u202e\u200f 12\n.", max_size=200),
    st.text(alphabet="\x00\x0b\ufffdAbc 1990 £.\n", max_size=200),
    st.lists(
        st.sampled_from(PIECES),
        max_size=60,
    ).map(" ".join),
)


@examples(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(ODD)
def test_no_text_is_too_odd(text: str) -> None:
    found = draft_of(extracted(text, title=text[:80]))
    assert set(found["facts"]) == {
        "costs",
        "dates",
        "places",
        "organisations",
        "role_contacts",
        "funding",
        "evaluators",
        "people",
    }


@pytest.mark.parametrize(
    "piece",
    ["Police and ", "1 2 3,"],
)
def test_a_very_long_text_ends(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    assert extracted(text).facts is not None


ADDRESSES = st.lists(
    st.sampled_from(
        [
            "jane.doe@example.org",
            "j_doe+x@mail.example.co.uk",
            "jane.doe [at] example.org",
            "01632 960123",
            "tel 020 7946 0018",
            "+44 1632 960 960",
            "(602) 555-0158",
            "call 0161-496-0000",
        ]
    ),
    min_size=1,
    max_size=4,
)


@examples(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(ADDRESSES, st.randoms(use_true_random=False))
def test_no_address_comes_into_a_public_field(addresses: list[str], random: object) -> None:
    parts = [
        "Scanning\nBurglars came by the alleys of Leeds, said {}.",
        "Response\nLeeds City Council paid £20,000 for gates, ask {}.",
        "Assessment\nBurglary fell by a third between 2004 and 2005 ({}).",
        "Contact: Project Manager, Leeds City Council {}",
    ]
    text = "\n\n".join(
        part.format(" or ".join(addresses)) if random.random() < 0.8 else part  # type: ignore[attr-defined]
        for part in parts
    )
    draft = str(draft_of(extracted(text, title=f"Gates {addresses[0]}"))["draft"])
    assert contacts_in(draft) == []
    for address in addresses:
        assert address not in draft


def test_a_draft_says_whom_its_texts_name() -> None:
    found = draft_of(
        extracted(
            "# Response\n\nPC Jo Hale led patrols in the park with Kent Police every night.\n\n"
            "# Assessment\n\nReports fell by a third in the year after the patrols began.\n\n"
            "# Contact\n\nMrs P. Jones or asb.team@kent.example"
        )
    )
    assert [one["name"] for one in found["facts"]["people"]] == ["PC Jo Hale", "Mrs P. Jones"]
    assert found["people"] == ["PC Jo Hale"]
    assert [one["personal"] for one in found["contacts"]] == [False]


def test_what_is_no_address_stays() -> None:
    text = "In 2004-2005 the 120,000 calls (8,500 hours) fell by 12.5%."
    assert without_contacts(text) == text
    assert re.search(r"left out", without_contacts("Call 01632 960123."))
