"""Costs that are told by what stands above them: a heading, the head of a table, a total."""

import pytest

from crawlers.document import blocks_of
from crawlers.facts import facts_of
from crawlers.pdf_layout import Line, PageLines, blocks_in_order
from tests.crawlers.documents import drafted, extracted

pytestmark = pytest.mark.usefixtures("home")

ROWS = "Staff | £12,000\nLighting | £4,500\nLeaflets | £2,000\nTotal | £18,500"


def spent(text: str) -> list[tuple[str, float]]:
    found = extracted(text).facts.costs
    return [(one.item, one.low) for one in found if one.kind == "spent" and one.confidence >= 0.6]


@pytest.mark.parametrize(
    "above",
    ["Cost", "Costs", "What it cost", "Costs (£)", "# 5. Costs and funding", "Money"],
)
def test_rows_of_a_table_with_a_total_are_costs(above: str) -> None:
    assert spent(f"{above}\n\n{ROWS}") == [
        ("Staff", 12_000),
        ("Lighting", 4_500),
        ("Leaflets", 2_000),
        ("Total", 18_500),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "What it cost\n\nOfficer time was about £4,000.",
            [("Officer time", 4e3)],
        ),
        # What is planned is not spent; of a plan and what came of it, the second is.
        ("Budget\n\nStaff | £12,000", []),
        ("Item | Budget (£) | Actual (£)\nGates | 50,000 | 47,300", [("Gates", 47_300)]),
        ("Item | Actual | Estimate | Notes\nGates | £473 | £500 | In May", [("Gates", 473)]),
        # Whose figure is left when a cell is empty cannot be told.
        ("Item | Budget (£) | Actual (£)\nGates | 50,000", []),
        ("Item | Actual (£) | Paid by\nGates | 400 | Truro BID", [("Gates", 400)]),
        ("Costs\n\nFunding: Tesco, £400; Asda, £500.", []),
        ("Item | Est. cost\nGates | £5,000", []),
        ("Item | Cost (£) | Notes\nGates | 50,000", [("Gates", 5e4)]),
        ("Item | 2019 (£) | 2020 (£)\nGates | 50,000 | 200", []),
        # The currency of all figures, told once; thousands; the only one that a text uses.
        ("All figures in GBP.\n\nItem | Spend\nGates | 4,500", [("Gates", 4_500)]),
        ("Item | Cost (£000)\nGates | 45", [("Gates", 45e3)]),
        ("Costs (£)\n\nGates | 4,500", [("Gates", 4_500)]),
        (
            "It cost £9,000.\n\nItem | Actual\nGates | 4,500",
            [("It cost £9,000", 9e3), ("Gates", 4_500)],
        ),
        ("Item | Actual\nGates | 4,500", []),
        ("Costs\n\nIt was £900 in all.\n\nVisits | 300", [("It was £900 in all", 900)]),
        # What one costs, how many there were, and what that came to.
        ("Item | Unit cost | Number | Total\nLamps | £85 | 40 | £3,400", [("Lamps", 3_400)]),
        ("Costs\n\nLamps | 40 | £85 | £3,400", [("Lamps", 3_400)]),
        (
            "Costs\nTraining (6 @ £1,450) £8,700\nRadios 12 x £210 = £2,520",
            [("Training", 8_700), ("Radios", 2_520)],
        ),
        # Who paid.
        ("Funder | Amount\nTesco | £400\nAsda | £500\nTotal | £900", []),
        ("Funding\n\nTesco | £400\nAsda | £500\nTotal | £900", []),
        ("Costs and funding\n\nVan | £900\nGrant from Tesco | £500", [("Van", 900)]),
        # The head of the table names the currency of all rows.
        ("Item | Cost (£)\nStaff | 12,000\nVan | 950.50", [("Staff", 12e3), ("Van", 950.5)]),
        # Two rows that cost the same; tabs, as a pasted table has them.
        ("Item\tAmount\nSigns\t£650\nPaint\t£650", [("Signs", 650), ("Paint", 650)]),
        # A list of prices in plain lines.
        ("How much did it cost?\nLamps: £34,000\nSurvey: £500", [("Lamps", 34e3), ("Survey", 500)]),
        ("Financial implications\n\nSignage: £3,400", [("Signage", 3_400)]),
        # What was given is no further cost.
        ("Costs\n\nVan | £900\n\nFunded from: Home Office (£900.50)", [("Van", 900)]),
        # The next heading ends what the first one says.
        ("Costs\n\nOfficers gave time.\n\nResults\n\nTills held £90,000 again.", []),
        ("Costs\n\nIt saved £9,000 in repairs.", []),
        ("Item | Value stolen\nTools | £900\nVan | £8,000\nTotal | £8,900", []),
    ],
)
def test_what_stands_above_sums_tells_of_them(text: str, found: list[tuple[str, float]]) -> None:
    assert spent(text) == found


def test_a_table_in_print_keeps_its_rows() -> None:
    def line(text: str, left: float, top: float) -> Line:
        return Line(left, top - 10, left + 6 * len(text), top, text)

    rows = [("Item", "Cost"), ("Barriers", "£5,200"), ("Signs", "£650")]
    lines = [
        line(text, left, 700 - 14 * number)
        for number, row in enumerate(rows)
        for text, left in zip(row, (72, 300), strict=True)
    ]
    page = PageLines(595, 842, lines, has_image=False)
    assert [(one.kind, one.text) for one in blocks_in_order([page])] == [
        ("row", "Item | Cost"),
        ("row", "Barriers | £5,200"),
        ("row", "Signs | £650"),
    ]


def test_a_draft_counts_nothing_twice() -> None:
    content = drafted(f"Costs\n\n{ROWS}\n\nThe work cost £18,500 in all.")
    assert [(one.item, one.low) for one in content.costs] == [
        ("Staff", 12_000),
        ("Lighting", 4_500),
        ("Leaflets", 2_000),
    ]


@pytest.mark.parametrize(
    ("text", "costs"),
    [
        # A grant is no cost, and what it came to stands once.
        (
            "It received a grant of £2,500 from Tesco and £400 from Asda. It cost £2,900 in all.",
            [("It cost £2,900 in all", 2_900, "")],
        ),
        # A row that could not be read: the total tells more than the rest.
        (
            "Item | Budget (£) | Actual (£)\nA van | 5 | 900\nLamps | 700\nTotal | 800 | 1,600",
            [("Total", 1_600, "")],
        ),
        # A total that stands in a form as well.
        (
            "Final cost | £900\n\nItem | Spend (£)\nPaint | 300\nLamps | 600\nTotal | 900",
            [("Paint", 300, ""), ("Lamps", 600, "")],
        ),
        (
            "Paint cost £900. A van cost £600. The total cost was £1,500.",
            [("Paint", 900, ""), ("Van", 600, "")],
        ),
        ("The budget was £2,000. We spent £1,900 on lamps.", [("Lamps", 1_900, "")]),
        (
            "The budget was £2,000.",
            [("Budget", 2_000, "Planned. The document does not say that it was spent.")],
        ),
        # What each costs beside what all do, and a part beside the whole.
        (
            "It cost £412 per client, £164,800 in all.",
            [("It cost £412 per client, £164,800 in all", 164_800, "")],
        ),
        ("Training cost £1,800, of which the OPCC paid £1,000.", [("Training", 1_800, "")]),
        ("We hoped to save £2,000, and £600 was asked for.", []),
    ],
)
def test_a_draft_has_what_was_spent(text: str, costs: list[tuple[str, float, str]]) -> None:
    assert [(one.item, one.low, one.note) for one in drafted(text).costs] == costs


def test_a_figure_of_a_table_says_where_it_stands() -> None:
    text = "Item | Cost (£)\nStaff | 12,000"
    (cost,) = facts_of(text).costs
    assert (text[cost.start : cost.end], cost.passage) == ("12,000", "Staff | 12,000")


def kinds(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in blocks_of(text)]


def test_lines_that_are_rows_forms_or_whole_paragraphs_stay_apart() -> None:
    assert kinds("Gates were put up\nin March.\nFunding: Home Office\nPartners: A; B") == [
        ("text", "Gates were put up in March."),
        ("text", "Funding: Home Office"),
        ("text", "Partners: A; B"),
    ]
    assert kinds("Item\tCost\nGates\t£400\nPaint: £20") == [
        ("row", "Item | Cost"),
        ("row", "Gates | £400"),
        ("row", "Paint | £20"),
    ]
    # Print that was read badly has bars for letters.
    assert kinds("a very fine project and | am pleased") == [
        ("text", "a very fine project and | am pleased")
    ]
    pasted = "Gates\nThey were put up " + "in all of the back alleys " * 8
    assert [text[:12] for _, text in kinds(pasted)] == ["Gates", "They were pu"]
