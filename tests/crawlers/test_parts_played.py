"""Who paid and who measured, told apart from who took part."""

import pytest

from crawlers.facts import facts_of
from tests.crawlers.documents import drafted, extracted

pytestmark = pytest.mark.usefixtures("home")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Funding came from the Safer Streets Fund.", ["Safer Streets Fund"]),
        (
            "It was funded by the Home Office and Leeds City Council.",
            ["Home Office", "Leeds City Council"],
        ),
        ("The radios were paid for by Merthyr BID.", ["Merthyr BID"]),
        (
            "It was paid for by the Police and Crime Commissioner for Devon and Cornwall.",
            ["Police and Crime Commissioner for Devon and Cornwall"],
        ),
        (
            "It began with a grant from the National Lottery Community Fund.",
            ["National Lottery Community Fund"],
        ),
        ("Funding: Home Office Hate Crime Fund 2018/19", ["Home Office Hate Crime Fund 2018/19"]),
        ("Who paid?\n\nSafer Streets Fund round 3", ["Safer Streets Fund round 3"]),
        ("In 2019 Newport City Council funded the lamps.", ["Newport City Council"]),
        ("A bid to the Safer Streets Fund was successful.", ["Safer Streets Fund"]),
        ("It was funded by the council and two landlords.", ["the council and two landlords"]),
        (
            "It began thanks to £210,000 from the Shared Prosperity Fund.",
            ["Shared Prosperity Fund"],
        ),
        ("Funding: £48,300 from the Home Office", ["Home Office"]),
        ("Funded from: Community Safety reserve (£400)", ["Community Safety reserve"]),
        (
            "We received a grant of £25,000 from the Home Office and £4,000 from Tesco.",
            ["Home Office", "Tesco"],
        ),
        (
            "The Nationwide Foundation gave £15,000 and Welsh Government £8,200.",
            ["Nationwide Foundation", "Welsh Government"],
        ),
        ("The Home Office awarded the project £427,000.", ["Home Office"]),
        (
            "Funder(s): Luton Borough Council (£3,000), OPCC (£1,800)",
            ["Luton Borough Council", "OPCC"],
        ),
        ("Funded by | Wigan Council £20,000; Wigan BID £9,870", ["Wigan Council", "Wigan BID"]),
        (
            "Funder | Amount\nTesco | £500\nStockton BID | £900\nTotal | £1,400",
            ["Tesco", "Stockton BID"],
        ),
        ("The work was not funded by the council.", []),
        ("We applied for funding from the Big Lottery but got none.", []),
        ("People who got money from selling drugs stopped.", []),
        ("Deputies paid for their own fuel.", []),
    ],
)
def test_who_paid_is_told(text: str, names: list[str]) -> None:
    assert [one.name for one in facts_of(text).funding] == names


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It was evaluated by the University of Kent.", ("University of Kent", "academic", False)),
        (
            "An independent evaluation by Cordis Bright found a fall.",
            ("Cordis Bright", "independent", False),
        ),
        (
            "It will be evaluated by Keele University, which also trained the volunteers.",
            ("Keele University", "academic", True),
        ),
        (
            "Dr. Ann Example of the University of Kent carried out the evaluation.",
            ("University of Kent", "academic", False),
        ),
        (
            "Kent Police ran patrols at night with Medway Council. Medway Council evaluated them.",
            ("Medway Council", "partner", True),
        ),
        (
            "The evaluation, commissioned by the Home Office, was carried out by Crest Ltd.",
            ("Crest Ltd", "independent", False),
        ),
        (
            "Durham University's Department of Sociology carried out the evaluation.",
            ("Durham University", "academic", False),
        ),
        (
            "Evaluated by | Dr P. Okafor, Keele University",
            ("Keele University", "academic", False),
        ),
        (
            "Dr Ann Wyn of Swansea University sat on the steering group and evaluated it.",
            ("Swansea University", "academic", True),
        ),
        ("Evaluated by Dr A. Smith, University of X.", ("University of X", "academic", False)),
        (
            "It was independently evaluated by Professor J. Trelawny of the University of Exeter.",
            ("University of Exeter", "academic", False),
        ),
        (
            "It was evaluated by Jane Doe and Ravi Rao of Cardiff University.",
            ("Cardiff University", "academic", False),
        ),
        (
            "Evaluation: Dr Ann Example (University of Leeds) compared the streets.",
            ("University of Leeds", "academic", False),
        ),
        ("Evaluated by | Ulster University", ("Ulster University", "academic", False)),
        ("It was evaluated by the project team.", ("", "internal", False)),
    ],
)
def test_who_measured_is_told(text: str, found: tuple[str, str, bool]) -> None:
    assert [(one.name, one.kind, one.took_part) for one in facts_of(text).evaluators] == [found]


@pytest.mark.parametrize(
    "text",
    ["Officers evaluated by their managers did better.", "The council evaluated bids from Kent."],
)
def test_what_else_is_evaluated_has_no_evaluator(text: str) -> None:
    assert facts_of(text).evaluators == []


def test_a_draft_names_as_partners_who_took_part() -> None:
    content = drafted(
        "# Lamps in Hanley\n\nStaffordshire Police and Newport City Council put up lamps. They "
        "were paid for by Newport City Council with a grant from the Safer Streets Fund. The work "
        "was evaluated by the University of Kent."
    )
    assert content.funding_stream == "Safer Streets Fund; Newport City Council"
    assert content.evaluators == ["academic"]
    assert [(one.organisation, one.roles) for one in content.partners] == [
        ("Newport City Council", ["fund"]),
        ("Staffordshire Police", []),
    ]
    both = drafted(
        "# Lamps\n\nKeele University evaluated the lamps, and also trained the wardens of the park."
    )
    assert [(one.organisation, one.roles) for one in both.partners] == [
        ("Keele University", ["evaluate"])
    ]


def test_who_is_yet_to_measure_is_told_to_nobody() -> None:
    (found,) = facts_of("It will be evaluated by Keele University in 2030.").evaluators
    assert found.to_come
    assert not drafted("# Lamps\n\nIt will be evaluated by Keele University in 2030.").evaluators


@pytest.mark.parametrize(
    ("told", "stage"),
    [
        (
            "An evaluation was carried out by the University's School of Psychology.",
            "independently",
        ),
        ("Evaluated by Dr A. Smith, University of X.", "independently"),
        ("It will be evaluated by the University of Kent.", "locally"),
        ("Evaluated by Keele University, which also trained the wardens.", "locally"),
        ("It was evaluated by the project team.", "locally"),
    ],
)
def test_who_measured_says_how_far_it_was_tested(told: str, stage: str) -> None:
    text = f"# Marshals\n\n# Results\n\nViolence fell by 21% between 2018 and 2019.\n\n{told}"
    tags = extracted(text).structure.tags["stages"]
    assert [(tag.code, tag.ticked) for tag in tags] == [(f"evaluated-{stage}", True)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Kent Police ran patrols. Two men were treated at Broomfield Hospital.", ["Kent Police"]),
        ("Kent Police ran patrols. Broomfield Hospital treated fewer men.", ["Kent Police"]),
        ("Broomfield Hospital shared data on injuries.", ["Broomfield Hospital"]),
        ("Kent Police ran patrols with a grant from the Home Office.", ["Kent Police"]),
        (
            "Durham University's Department of Sociology was there. It helped Kent Police.",
            ["Durham University", "Kent Police"],
        ),
        ("Kent Police ran patrols. Keele University students drank.", ["Kent Police"]),
        ("Kent Police ran patrols. We wrote to the Royal Mail.", ["Kent Police"]),
        ("Kent Police ran patrols. Medway Council said that it was pleased.", ["Kent Police"]),
        ("According to Victim Support, few people report it.", []),
        ("Medway Council declined to take part.", []),
        (
            "Kent Police ran patrols outside Hope School with pupils of Zion Academy.",
            ["Kent Police"],
        ),
        # A letterhead and a footer; a list of partners.
        (
            "Medway Council, Gun Wharf\n\nKent Police ran it.\n\nMedway Council is registered.",
            ["Kent Police"],
        ),
        ("Partners\n\nKent Police\nMedway Council", ["Kent Police", "Medway Council"]),
        ("Lead agency: Kent Police", ["Kent Police"]),
        ("They said that wardens and Kent Police ran it.", ["Kent Police"]),
        ("They praised Kent. According to Fife Council and Kent Police it fell.", []),
        ("Who: Kent Police, Luton Borough Council", ["Kent Police", "Luton Borough Council"]),
        (
            "Kent Police ran it at Fife Hospital by the Scottish Government's policy.",
            ["Kent Police"],
        ),
        # The same body once; a body of its own that ends like one that is known.
        (
            "Kent Fire and Rescue Service gave talks. The Fire and Rescue Service lent a van.",
            ["Kent Fire and Rescue Service"],
        ),
        (
            "Partners: Kent Police; Lighthouse Women's Aid",
            ["Kent Police", "Lighthouse Women's Aid"],
        ),
        (
            "It worked with Truro BID and Devon and Cornwall Police.",
            ["Devon and Cornwall Police", "Truro BID"],
        ),
    ],
)
def test_partners_are_those_who_took_part(text: str, names: list[str]) -> None:
    assert sorted(one.organisation for one in drafted(text).partners) == names
