"""When a practice began and ended, what was counted before it and after it."""

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from crawlers.facts import facts_of
from crawlers.number_dates import day_first, spelt
from tests.crawlers.documents import drafted

pytestmark = pytest.mark.usefixtures("home")


def dates(text: str) -> set[tuple[str, str, str]]:
    return {
        (one.kind, one.date, one.until) for one in facts_of(text).dates if one.confidence >= 0.6
    }


FIRST = ("baseline", "2020-04", "2021-03")
LAST = ("evaluated", "2022-04", "2023-03")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "From April 2020 to March 2021 9 fell ill, fewer from April 2022 to March 2023.",
            {FIRST, LAST},
        ),
        (
            "131 thefts before (April 2020 to March 2021), 74 after (April 2022 to March 2023).",
            {FIRST, LAST},
        ),
        (
            "There were 214 reports between April 2020 and March 2021 and 120 the year after.",
            {FIRST, ("evaluated", "2021-04", "2022-03")},
        ),
        (
            "50 calls between January and June 2020 compared with 90 in the same months of 2019.",
            {("baseline", "2019-01", "2019-06"), ("evaluated", "2020-01", "2020-06")},
        ),
        (
            "Calls fell by 45%, from 220 in 2021 (the year before) to 121 in 2022/23.",
            {("baseline", "2021", ""), ("evaluated", "2022", "2023")},
        ),
        (
            "In the six months before the gates (January to June 2018) there were 31 burglaries.",
            {("baseline", "2018-01", "2018-06")},
        ),
        # What was counted up to the start is no result.
        (
            "The gates were opened in July 2018.\n\nBurglary rose between July 2017 and June 2018.",
            {("started", "2018-07", "")},
        ),
        (
            "The gates were opened in July 2018.\n\nBurglary fell between May 2017 and June 2018.",
            {("started", "2018-07", ""), ("baseline", "2017-05", "2018-06")},
        ),
        ("Burglary fell by 30% in the year to March 2023.", {LAST}),
        # Each counted in a sentence of its own.
        (
            "64 thefts, 01/04/2020 to 31/03/2021.\n\n22 thefts, 01/04/2022 to 31/03/2023.",
            {("baseline", "2020-04-01", "2021-03-31"), ("evaluated", "2022-04-01", "2023-03-31")},
        ),
    ],
)
def test_the_time_before_is_told_from_the_time_after(
    text: str, found: set[tuple[str, str, str]]
) -> None:
    assert dates(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Start date: 1 September 2018", {("started", "2018-09-01", "")}),
        ("End date: 31/08/2020", {("ended", "2020-08-31", "")}),
        (
            "Timescale: April 2019 to March 2021",
            {("started", "2019-04", ""), ("ended", "2021-03", "")},
        ),
        (
            "Project dates: 01/04/2019 - 31/03/2021",
            {("started", "2019-04-01", ""), ("ended", "2021-03-31", "")},
        ),
        (
            "From Monday 4 March until Friday 31 May 2019 officers walked the estate.",
            {("started", "2019-03-04", ""), ("ended", "2019-05-31", "")},
        ),
        ("It launched in March 2019 and burglary has fallen since.", {("started", "2019-03", "")}),
        # A name is no change: "safer".
        (
            "It started in May 2022, paid for by the Safer Streets Fund.",
            {("started", "2022-05", "")},
        ),
        # Under a heading that says so, a date tells of the trouble.
        ("Scanning\n\nFrom May 2017 men drank there.", set()),
        ("In the week of 4 March 2024 barriers were put in.", {("started", "2024-03-04", "")}),
        ("Patrols started w/c 10 January 2022.", {("started", "2022-01-10", "")}),
        ("In the first week of May 2023 a team was set up.", {("started", "2023-05", "")}),
        ("The team was set up in Q3 2021.", {("started", "2021", "")}),
        ("In spring 2023 we handed out 400 kits.", {("started", "2023", "")}),
        # What was set up in the course of a year did not end with it.
        ("In 2022/23 wardens were introduced.", {("started", "2022", "")}),
        ("In winter 2022/23 we set up a youth club.", {("started", "2022", "")}),
        ("The pilot ran in 2022/23.", {("started", "2022", ""), ("ended", "2023", "")}),
        (
            "The order came into force on 1 May 2021 and lasts until 30 April 2024.",
            {("started", "2021-05-01", ""), ("ended", "2024-04-30", "")},
        ),
        ("Start date: 12/2017", {("started", "2017-12", "")}),
        (
            "The scheme ran from 6 December 2019 to 14 March 2020, when less money ended it.",
            {("started", "2019-12-06", ""), ("ended", "2020-03-14", "")},
        ),
        ("Two rangers started on 1.4.18.", {("started", "2018-04-01", "")}),
        ("Rangers started as section 1.4.18 says.", set()),
        # What is planned, and what else than a scheme comes to an end.
        ("We will set up a watch in 2022.", set()),
        ("The team is due to start in May 2022.", set()),
        ("Closure orders were granted on 12 March 2021.", set()),
        ("Bikes have been ridden there since the mill closed in 1998.", set()),
        ("The scheme closed in 2018.", {("ended", "2018", "")}),
        # How long a thing had been bad, and what there was before.
        ("The lights had been off since 2019.", set()),
        ("The shop has been empty since 2016.", set()),
        ("Youths had gathered there since 2017.", set()),
        ("The council had introduced an order in 2015.", set()),
        ("Since June 2020 marshals have been at the rank.", {("started", "2020-06", "")}),
        # What others did.
        ("Leeds had tried this in 2015. We began in May 2019.", {("started", "2019-05", "")}),
        ("A similar scheme in Bristol was launched in 2012.", set()),
        (
            "The scheme, based on a pilot in Leeds in 2012, started in May 2020.",
            {("started", "2020-05", "")},
        ),
        # 4 May or 5 April: nothing tells.
        ("It was launched on 04/05/2019.", set()),
        ("It was launched on 04/05/2019 and cost £40.", {("started", "2019-05-04", "")}),
        ("It was launched on 04.05.2019.", {("started", "2019-05-04", "")}),
        # Years cut short.
        ("It was launched in Feb 21.", {("started", "2021-02", "")}),
        ("It was launched in Feb '21.", {("started", "2021-02", "")}),
        (
            "The pilot ran from 12 Mar 24 to 3 Apr 24.",
            {("started", "2024-03-12", ""), ("ended", "2024-04-03", "")},
        ),
        (
            "It ran from Jan 24 to Sept 24 and cost £40.",
            {("started", "2024-01", ""), ("ended", "2024-09", "")},
        ),
        ("It ran from Jan 24 to Sept 24.", set()),  # days, or years
        ("It was launched on March 24.", set()),
        (
            "It ran from March 24 to April 30 2019 and cost £40.",
            {("started", "2019-03-24", ""), ("ended", "2019-04-30", "")},
        ),
        (
            "Thefts fell in FY22-23 compared with FY20/21.",
            {("baseline", "2020", "2021"), ("evaluated", "2022", "2023")},
        ),
        (
            "Thefts fell by 9% in 22/23 compared with 2020/21.",
            {("baseline", "2020", "2021"), ("evaluated", "2022", "2023")},
        ),
    ],
)
def test_dates_of_forms_and_in_figures_are_read(
    text: str, found: set[tuple[str, str, str]]
) -> None:
    assert dates(text) == found


def test_a_draft_has_the_periods_before_and_after() -> None:
    content = drafted(
        "Reports fell from 214 between April 2020 and March 2021 to 120 from 1 April 2022 to "
        "31 March 2023."
    )
    assert (content.before_period, content.after_period) == (
        "April 2020 to March 2021",
        "1 April 2022 to 31 March 2023",
    )


@examples(max_examples=50, deadline=None)
@given(st.text(alphabet="0123456789/.-' anfJFY", max_size=60), st.sampled_from([True, False, None]))
def test_places_in_a_spelt_text_lead_back(text: str, order: bool | None) -> None:
    read = spelt(text, day_first=order)
    assert read.origin(0) == 0
    assert read.origin(len(read.text)) == len(text)
    assert day_first([text]) in (True, False, None)
