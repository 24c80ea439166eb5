"""The rows that stand inside a record: one class for each thing that can occur several times."""

from kb.records.definition import Part, PartialDate, WebAddress, field


class Place(Part):
    """Where it happened."""

    name: str = field("Place name", "Town, neighbourhood or site.", example="Speke, Liverpool")
    local_authority: str = field("Local authority", "Council, city or county.")
    police_force: str = field("Police force", "Force or department for the area.")
    region: str = field("Region", "Region, state or province.")
    country: str | None = field("Country", default=None, vocabulary="countries")
    area_types: list[str] = field("Type of area", default=[], vocabulary="area_types", weight=1)
    latitude: float | None = field("Latitude", default=None, ge=-90, le=90)
    longitude: float | None = field("Longitude", default=None, ge=-180, le=180)
    population_served: int | None = field(
        "Population served", "People living in or using the area.", default=None, ge=0
    )


class Objective(Part):
    """One aim with what would show it was met."""

    text: str = field("Objective", words=60)
    indicator: str = field("Indicator", "What was to be measured.")
    baseline: str = field("Baseline", "Figure at the start, with its unit and period.")
    target: str = field("Target", "Figure aimed at.")
    date: PartialDate = field("By when")
    met: str | None = field("Was it met?", default=None, vocabulary="objective_states")


class Option(Part):
    """A response that was considered, chosen or not."""

    option: str = field("Option", words=40)
    arguments_for: str = field("For")
    arguments_against: str = field("Against")
    cost_band: str | None = field("Cost band", default=None, vocabulary="cost_bands")
    why_not: str = field("Why not chosen")


class Activity(Part):
    """One thing that was done."""

    what: str = field("What was done", words=60)
    who: str = field("By whom")
    dose: str = field("How much", "How often, how long, how many.")
    when: str = field("When")
    core: bool | None = field(
        "Core part", "Yes if it should not be left out; no if it may be adapted.", default=None
    )


class Partner(Part):
    """An organisation that took part."""

    organisation: str = field("Organisation")
    sectors: list[str] = field("Kind of body", default=[], vocabulary="agencies")
    roles: list[str] = field("Role", default=[], vocabulary="partner_roles")
    contribution: str = field("What it gave", words=40)
    joined_how: str = field("How it was brought in", words=40)


class Cost(Part):
    """One cost line; a range where one figure is not known."""

    item: str = field("What for", example="Set-up: gates and fitting")
    kind: str | None = field("Kind of cost", default=None, vocabulary="cost_kinds")
    low: float | None = field("From", default=None, ge=0)
    high: float | None = field("To", default=None, ge=0)
    currency: str = field("Currency", "Three-letter code.", example="GBP", max_length=3)
    price_year: int | None = field(
        "Price year", "Year whose prices these are.", default=None, ge=1900, le=2100
    )
    recurring: bool | None = field("Each year?", default=None)
    funder: str = field("Paid by")
    note: str = field("Note")


class ImplementationProblem(Part):
    """Something that went wrong, so the next people can see it coming."""

    what: str = field("What went wrong", words=60)
    stage: str | None = field("At which stage", default=None, vocabulary="implementation_stages")
    mode: str | None = field("What failed", default=None, vocabulary="failure_modes")
    response: str = field("What was done about it", words=60)


class Kit(Part):
    """A plan, form, job description or leaflet that others may use."""

    title: str = field("Title")
    url: WebAddress = field("Address")
    kind: str = field("Kind", example="job description")
    licence: str | None = field("Licence", default=None, vocabulary="licences")


class Result(Part):
    """What happened to one outcome: always one row for each outcome."""

    outcome: str | None = field("Outcome", default=None, vocabulary="outcomes")
    measure: str = field("Measure", "What was counted, for whom, over which period.", words=40)
    before: str = field("Before", "Figure with unit and period.")
    after: str = field("After", "Figure with unit and period.")
    comparison_change: str = field("Change in the comparison area or group")
    effect_size: str = field("Effect size")
    confidence_interval: str = field("Confidence interval")
    direction: str | None = field("Result", default=None, vocabulary="directions")
    confidence: str | None = field("How sure", default=None, vocabulary="confidence")
    confidence_reason: str = field("Why this sure", "The reason in words.", words=60)


class Economics(Part):
    """One economic finding."""

    method: str | None = field("Method", default=None, vocabulary="economic_methods")
    benefit_cost_ratio: float | None = field("Benefit for each 1 spent", default=None)
    net_low: float | None = field("Net saving from", default=None)
    net_high: float | None = field("Net saving to", default=None)
    currency: str = field("Currency", max_length=3)
    price_year: int | None = field("Price year", default=None, ge=1900, le=2100)
    agency: str = field("Who gains", "Which body saves or pays.")
    note: str = field("Note")


class Emmie(Part):
    """One dimension of the EMMIE scale; set by curators."""

    dimension: str = field("Dimension", example="effect")
    found: str = field("What was found", words=80)
    quality: int | None = field("Quality of evidence (0 to 4)", default=None, ge=0, le=4)


class Award(Part):
    """One entry in one round of an award scheme."""

    scheme: str = field("Scheme", "Id of an award scheme.", example="goldstein", searched=False)
    year: int | None = field("Year", default=None, ge=1900, le=2100)
    category: str = field("Category")
    level: str | None = field("Level reached", default=None, vocabulary="award_levels")
    judge_comment: str = field("Judges' comment", words=100)
    entry_url: WebAddress = field("Entry", "Address of the entry as submitted.")


class Contact(Part):
    """Who can be asked: a role first, a person only with consent."""

    role: str = field("Role", example="Community safety manager")
    organisation: str = field("Organisation")
    mailbox: str = field("Team mailbox", max_length=254, searched=False)
    person: str = field(
        "Person", "Only with their consent, or as named in a public source.", searched=False
    )
    verified_on: PartialDate = field("Last confirmed")
    state: str | None = field("State", default=None, vocabulary="contact_states")
    consent: bool | None = field("Has agreed to be listed", default=None)
    help_offers: list[str] = field("Help offered", default=[], vocabulary="help_offers")
    url: WebAddress = field("Web page")
    note: str = field("Note")


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

    citation: str = field("Citation", "Author or body, year, title, where published.")
    url: WebAddress = field("Address")
    doi: str = field("DOI", max_length=200)
    kind: str | None = field("Kind", default=None, vocabulary="reference_kinds")
    read: str | None = field("How much of it was read", default=None, vocabulary="read_depths")
    read_on: PartialDate = field("Read on")
    licence: str | None = field("Licence", default=None, vocabulary="licences")


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
