"""The rows that stand inside a record: one class for each thing that can occur several times."""

from kb.records.definition import Part, field
from kb.records.values import PartialDate, WebAddress


class Place(Part):
    """Where it happened."""

    name: str = field("Place name", "Town, neighbourhood or site.", example="Speke, Liverpool")
    local_authority: str = field(
        "Local authority", "Council, city or county.", example="Liverpool City Council"
    )
    police_force: str = field(
        "Police force", "Force or department for the area.", example="Merseyside Police"
    )
    region: str = field("Region", "Region, state or province.", example="North West")
    country: str | None = field(
        "Country", "Where it was done.", default=None, vocabulary="countries"
    )
    area_types: list[str] = field(
        "Type of area", "All that fit.", default=[], vocabulary="area_types", weight=1
    )
    latitude: float | None = field(
        "Latitude", "In degrees; rough is enough.", default=None, ge=-90, le=90, example="53.35"
    )
    longitude: float | None = field(
        "Longitude", "In degrees; west is negative.", default=None, ge=-180, le=180, example="-2.85"
    )
    population_served: int | None = field(
        "Population served",
        "People living in or using the area.",
        default=None,
        ge=0,
        example="8400",
    )


class Objective(Part):
    """One aim with what would show it was met."""

    text: str = field(
        "Objective",
        "What was to be reached.",
        words=60,
        example="Cut burglaries from the back by a fifth in a year",
    )
    indicator: str = field(
        "Indicator",
        "What was to be measured.",
        example="Recorded burglaries with entry from the rear",
    )
    baseline: str = field(
        "Baseline", "Figure at the start, with its unit and period.", example="84 in 2003"
    )
    target: str = field("Target", "Figure aimed at.", example="67 in 2005")
    date: PartialDate = field("By when", "When it was to be reached.", example="2005-12")
    met: str | None = field(
        "Was it met?", "As far as is known.", default=None, vocabulary="objective_states"
    )


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


class Result(Part):
    """What happened to one outcome: always one row for each outcome."""

    outcome: str | None = field(
        "Outcome", "One outcome for each row.", default=None, vocabulary="outcomes"
    )
    measure: str = field(
        "Measure",
        "What was counted, for whom, over which period.",
        words=40,
        example="Recorded burglaries of homes in gated blocks, a year",
    )
    before: str = field("Before", "Figure with unit and period.", example="120 (2003)")
    after: str = field("After", "Figure with unit and period.", example="80 (2005)")
    comparison_change: str = field(
        "Change in the comparison area or group",
        "What happened where nothing was done.",
        example="118 to 117 in three wards without gates",
    )
    effect_size: str = field("Effect size", "As the evaluation gives it.", example="33% fewer")
    confidence_interval: str = field(
        "Confidence interval", "As the evaluation gives it.", example="18% to 45%"
    )
    direction: str | None = field(
        "Result", "What happened to this outcome.", default=None, vocabulary="directions"
    )
    confidence: str | None = field(
        "How sure", "How sure one can be of that.", default=None, vocabulary="confidence"
    )
    confidence_reason: str = field(
        "Why this sure",
        "The reason in words.",
        words=60,
        example="One comparison area and small numbers",
    )


class Economics(Part):
    """One economic finding."""

    method: str | None = field(
        "Method", "How it was worked out.", default=None, vocabulary="economic_methods"
    )
    benefit_cost_ratio: float | None = field(
        "Benefit for each 1 spent", "Money's worth for each £1 or $1.", default=None, example="1.9"
    )
    net_low: float | None = field(
        "Net saving from", "Lowest estimate.", default=None, example="10000"
    )
    net_high: float | None = field(
        "Net saving to", "Highest estimate.", default=None, example="25000"
    )
    currency: str = field("Currency", "Three-letter code.", max_length=3, example="GBP")
    price_year: int | None = field(
        "Price year", "Year whose prices these are.", default=None, ge=1900, le=2100, example="2004"
    )
    agency: str = field("Who gains", "Which body saves or pays.", example="Police and households")
    note: str = field("Note", "What it leaves out.", example="Unit costs of crime, 2003")


class Emmie(Part):
    """One dimension of the EMMIE scale; set by curators."""

    dimension: str = field("Dimension", example="effect")
    found: str = field("What was found", words=80)
    quality: int | None = field("Quality of evidence (0 to 4)", default=None, ge=0, le=4)


class Award(Part):
    """One entry in one round of an award scheme."""

    scheme: str = field("Scheme", "Id of an award scheme.", example="goldstein", searched=False)
    year: int | None = field(
        "Year", "Of the round.", default=None, ge=1900, le=2100, example="2006"
    )
    category: str = field(
        "Category", "As the scheme calls it.", example="Crime and disorder reduction"
    )
    level: str | None = field(
        "Level reached", "How far it got.", default=None, vocabulary="award_levels"
    )
    judge_comment: str = field(
        "Judges' comment",
        "Only what was published.",
        words=100,
        example="Strong analysis; more could be said of upkeep.",
    )
    entry_url: WebAddress = field(
        "Entry", "Address of the entry as submitted.", example="https://www.example.org/entry.pdf"
    )


class Contact(Part):
    """Who can be asked: a role first, a person only with consent."""

    role: str = field("Role", "Not a name.", example="Community safety manager")
    organisation: str = field("Organisation", "Its full name.", example="Marsh Lane Council")
    mailbox: str = field(
        "Team mailbox",
        "A shared one that outlives people.",
        max_length=254,
        searched=False,
        example="community.safety@example.org",
    )
    person: str = field(
        "Person",
        "Only with their consent, or as named in a public source.",
        searched=False,
        example="Pat Example",
    )
    verified_on: PartialDate = field(
        "Last confirmed", "When somebody last made sure.", example="2025-03"
    )
    state: str | None = field(
        "State", "Whether it still answers.", default=None, vocabulary="contact_states"
    )
    consent: bool | None = field(
        "Has agreed to be listed", "Whether the person said yes to being named.", default=None
    )
    help_offers: list[str] = field(
        "Help offered", "All that they offer.", default=[], vocabulary="help_offers"
    )
    url: WebAddress = field(
        "Web page", "Page that names the contact.", example="https://www.example.org/contact"
    )
    note: str = field("Note", "Hours, limits.", example="Answers within a week")


class Provenance(Part):
    """One place the record came from."""

    source: str = field("Source", "Id of a source in the directory.", example="pop-datasets")
    external_id: str = field("Its id there", max_length=200)
    title: str = field("Its title there")
    original_url: WebAddress = field("Address", "Where the original stands or stood.")
    document_url: WebAddress = field("Document", "Address of the full document.")
    memento_url: WebAddress = field("Archived copy")
    captured_on: PartialDate = field("Captured on")
    content_hash: str = field("Content hash", "SHA-256 of what was read.", max_length=64)
    harvest_kind: str | None = field("How it came in", default=None, vocabulary="harvest_kinds")
    format: str | None = field("Format", default=None, vocabulary="formats")


class Reference(Part):
    """A work that facts in the record rest on."""

    citation: str = field(
        "Citation",
        "Author or body, year, title, where published.",
        example="Marsh Lane Council (2006) Alley gates: two years on. Marsh Lane.",
    )
    url: WebAddress = field(
        "Address", "Where it can be read.", example="https://www.example.org/report.pdf"
    )
    doi: str = field("DOI", "Without https://doi.org/.", max_length=200, example="10.1000/example")
    kind: str | None = field(
        "Kind", "What sort of work.", default=None, vocabulary="reference_kinds"
    )
    read: str | None = field(
        "How much of it was read",
        "By whoever wrote this record.",
        default=None,
        vocabulary="read_depths",
    )
    read_on: PartialDate = field("Read on", "When it was read.", example="2025-03")
    licence: str | None = field("Licence", "As printed in it.", default=None, vocabulary="licences")


class Fact(Part):
    """A figure or claim in the record and where exactly it comes from."""

    statement: str = field("Fact", "The figure or claim as the record states it.", words=60)
    reference: int | None = field(
        "Reference number", "Position in the list of references, from 1.", default=None, ge=1
    )
    passage: str = field("Where in it", "Page, table, section or heading.")
    checked_on: PartialDate = field("Checked on")
    check_note: str = field("What the check found")


class SecondCheck(Part):
    """A check of the record against its sources by somebody who did not write it."""

    checked_on: PartialDate = field("Checked on")
    sources_read: str = field("Read again", "Which references, and how much of each.", words=60)
    facts_checked: int | None = field("Facts checked", default=None, ge=0)
    facts_wrong: int | None = field("Facts that were wrong", default=None, ge=0)
    corrections: str = field("What was corrected", words=120)


class Adoption(Part):
    """'We tried it too': somebody else's use of this practice."""

    who: str = field("Who")
    where: str = field("Where")
    started: PartialDate = field("From")
    adapted: str = field("What was adapted", words=80)
    direction: str | None = field("Result", default=None, vocabulary="directions")
    record: str = field("Its own record", "Id of the record that tells it, if there is one.")
    note: str = field("Note")


class Body(Part):
    """A stretch of the full text of a document that may be stored."""

    heading: str = field("Heading")
    text: str = field("Text", max_length=2_000_000)
    url: WebAddress = field("Address")


class SuggestedTag(Part):
    """A term that fits by rule, not yet confirmed by a person."""

    field_name: str = field("Field", example="problem_types")
    code: str = field("Term")
    confidence: float = field("Confidence (0 to 1)", default=0.5, ge=0, le=1)
    because: str = field("Because", "What in the text led to it.")
