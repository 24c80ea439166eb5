"""Rows of the group `response`: what was considered and done, by whom, at what cost."""

from kb.records.definition import Part, field
from kb.records.values import WebAddress


class Option(Part):
    """A response that was considered, chosen or not."""

    option: str = field("Option", "What was considered.", words=40, example="CCTV in the alleys")
    mechanism: str = field(
        "How it works",
        "What it was to change, and how.",
        words=60,
        example="Makes it riskier to be seen carrying goods away",
    )
    works_best_if: str = field(
        "Works best if", "What it needs.", words=60, example="Somebody watches the pictures"
    )
    arguments_for: str = field("For", "What spoke for it.", example="Quick to fit")
    arguments_against: str = field(
        "Against", "What spoke against it.", example="Nobody to watch it"
    )
    cost_band: str | None = field("Cost band", "Roughly.", default=None, vocabulary="cost_bands")
    why_not: str = field(
        "Why not chosen",
        "If it was turned down.",
        example="Cost more than gates and did not stop entry",
    )


class Activity(Part):
    """One thing that was done."""

    what: str = field(
        "What was done", "One thing.", words=60, example="Fitted gates to both ends of each alley"
    )
    who: str = field("By whom", "Body or role.", example="Council contractor")
    dose: str = field(
        "How much", "How often, how long, how many.", example="40 alleys, two gates each"
    )
    when: str = field("When", "Dates or season.", example="March to September 2004")
    core: bool | None = field(
        "Core part", "Yes if it should not be left out; no if it may be adapted.", default=None
    )


class Partner(Part):
    """An organisation that took part."""

    organisation: str = field("Organisation", "Its full name.", example="Marsh Lane Tenants' Group")
    sectors: list[str] = field("Kind of body", "All that fit.", default=[], vocabulary="agencies")
    roles: list[str] = field("Role", "All that fit.", default=[], vocabulary="partner_roles")
    contribution: str = field(
        "What it gave",
        "Money, people, data, premises.",
        words=40,
        example="Collected consents and holds spare keys",
    )
    joined_how: str = field(
        "How it was brought in",
        "How it was told and won over.",
        words=40,
        example="Asked at the first street meeting",
    )


class Cost(Part):
    """One cost line; a range where one figure is not known."""

    item: str = field("What for", "One item.", example="Set-up: gates and fitting")
    kind: str | None = field(
        "Kind of cost", "What sort of cost.", default=None, vocabulary="cost_kinds"
    )
    low: float | None = field(
        "From", "Least, or the one figure.", default=None, ge=0, example="20000"
    )
    high: float | None = field(
        "To", "Most; leave empty if there is one figure.", default=None, ge=0, example="24000"
    )
    currency: str = field("Currency", "Three-letter code.", example="GBP", max_length=3)
    price_year: int | None = field(
        "Price year", "Year whose prices these are.", default=None, ge=1900, le=2100, example="2004"
    )
    recurring: bool | None = field("Each year?", "Whether it comes again each year.", default=None)
    funder: str = field("Paid by", "Who paid.", example="Marsh Lane Council")
    note: str = field("Note", "What it includes.", example="Gates, fitting and legal orders")


class ImplementationProblem(Part):
    """Something that went wrong, so the next people can see it coming."""

    what: str = field(
        "What went wrong",
        "What happened.",
        words=60,
        example="Two landlords did not answer for five months",
    )
    stage: str | None = field(
        "At which stage", "When it happened.", default=None, vocabulary="implementation_stages"
    )
    mode: str | None = field(
        "What failed", "What it came down to.", default=None, vocabulary="failure_modes"
    )
    response: str = field(
        "What was done about it",
        "And whether that helped.",
        words=60,
        example="The council's housing team visited them",
    )


class Kit(Part):
    """A plan, form, job description or leaflet that others may use."""

    title: str = field("Title", "What it is called.", example="Model consent form")
    url: WebAddress = field(
        "Address", "Where it can be had.", example="https://www.example.org/consent.docx"
    )
    kind: str = field("Kind", "What sort of thing.", example="job description")
    licence: str | None = field(
        "Licence", "What others may do with it.", default=None, vocabulary="licences"
    )
