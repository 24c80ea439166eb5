"""PracticeIn: the record, and the only way in for it.

The fields stand in groups, in the order they are shown. Adding a field is one entry here: the
record page, forms, exports, API and index read it from its definition. Sources of the fields:
the Effective Practice Database's SARA frame, the 5Is inside Response, EMMIE, and the entry forms
of the Tilley and Goldstein awards.
"""

from dataclasses import dataclass
from typing import Any

from kb.records.definition import FieldSpec, Group, Part, PartialDate, WebAddress, field, specs_of
from kb.records.parts import (
    Activity,
    Adoption,
    Award,
    Body,
    Contact,
    Cost,
    Economics,
    Emmie,
    Fact,
    ImplementationProblem,
    Kit,
    Objective,
    Option,
    Partner,
    Place,
    Provenance,
    Reference,
    Result,
    SecondCheck,
    SuggestedTag,
)

# Types that tell what one project did, so that the whole SARA frame applies to them.
CASE_TYPES = ("project", "programme", "award-entry")


class Identity(Group):
    """What it is, where and when."""

    GROUP = "identity"

    record_type: str = field(
        "Kind of record", default="project", vocabulary="record_types", submit=True
    )
    title: str = field(
        "Title",
        "What was done, about which problem, and where.",
        submit=True,
        words=15,
        max_length=500,
        long=False,
        example="Alley gates against burglary in Liverpool terraces",
    )
    other_names: list[str] = field(
        "Also known as", "Names it goes by; searched as its title is.", default=[]
    )
    summary: str = field(
        "Summary",
        "The whole story in plain words, without acronyms.",
        submit=True,
        words=100,
        weight=2,
    )
    aspects: list[str] = field(
        "Helps with",
        "Whether it tells what to do, how to do it, who can help or when to do it.",
        default=[],
        vocabulary="aspects",
        submit=True,
        weight=1,
    )
    aspect_what: str = field("What to do", words=60)
    aspect_how: str = field("How to do it", words=60)
    aspect_who: str = field("Who can help", words=60)
    aspect_when: str = field("When to do it", words=60)
    problem_types: list[str] = field(
        "Problem",
        "The first is the main problem.",
        default=[],
        vocabulary="problem_types",
        submit=True,
        weight=1,
    )
    keywords: list[str] = field(
        "Other keywords", "Words the lists lack; they feed proposals for new terms.", default=[]
    )
    intervention_levels: list[str] = field(
        "Level of intervention", default=[], vocabulary="intervention_levels", submit=True, weight=1
    )
    prevention_tiers: list[str] = field(
        "Tier of prevention", default=[], vocabulary="prevention_tiers"
    )
    place: Place | None = field("Place", default=None, submit=True, weight=1)
    started: PartialDate = field("Started", submit=True, weight=1)
    ended: PartialDate = field("Ended")
    ongoing: bool | None = field("Still going", default=None)
    now_routine: bool | None = field("Now part of routine work", default=None)
    scale: str | None = field("Scale", default=None, vocabulary="scales", weight=1)
    published_on: PartialDate = field("Published", "Date of the document or guide itself.")
    authors: list[str] = field("Authors", "Of a guide, review or paper.", default=[])
    publisher: str = field("Publisher")
    language: str = field(
        "Language", "Two-letter code.", default="en", max_length=12, searched=False
    )
    standards: list[str] = field(
        "National standards it serves",
        "Criteria of the National Occupational Standards, such as BA12 P3.",
        default=[],
        vocabulary="standards",
    )
    parent: str = field("Part of", "Id of the record it belongs to.", searched=False)
    replicates: list[str] = field(
        "Copied from",
        "Ids of records whose practice this one took over.",
        default=[],
        searched=False,
    )
    related: list[str] = field("See also", "Ids of related records.", default=[], searched=False)


class Scanning(Group):
    """What the problem was and how it was noticed."""

    GROUP = "scanning"

    problem_statement: str = field(
        "The problem",
        "Behaviour, place, people and time.",
        submit=True,
        words=150,
        weight=3,
    )
    first_indicators: str = field("First signs", words=100, weight=1)
    how_identified: str = field("How it was found", words=100, weight=1)
    identified_by: list[str] = field("Found by", default=[], vocabulary="agencies")
    why_chosen: str = field(
        "Why this problem", "Why it was taken up before others.", publish=True, words=100, weight=2
    )
    community_concern: str = field("What local people said", words=100, weight=1)
    consultation_methods: list[str] = field(
        "How people were asked", default=[], vocabulary="consultation_methods"
    )
    incidents_per_year: str = field("Incidents a year", "Figure with its source.", long=False)
    harm: str = field("Harm done", words=80, weight=1)
    fear: str = field("Fear caused", words=80)
    under_reporting: str = field("What goes unreported", words=80)
    objectives: list[Objective] = field("Objectives", default=[], publish=True, weight=2)
    intended_outcomes: list[str] = field(
        "Outcomes hoped for", default=[], vocabulary="outcomes", weight=1
    )


class Analysis(Group):
    """Why it happened, to whom, where and when."""

    GROUP = "analysis"

    data_sources: list[str] = field(
        "Information used", default=[], vocabulary="data_sources", publish=True, weight=2
    )
    analysis_methods: list[str] = field(
        "How it was analysed", default=[], vocabulary="analysis_methods", weight=1
    )
    analysis_findings: str = field("What the analysis found", words=200, weight=3)
    pat_victim: str = field("Victims or targets", words=100, weight=1)
    pat_offender: str = field("Offenders", words=100, weight=1)
    pat_location: str = field(
        "Place and its guardians",
        "Including handlers, guardians and managers.",
        words=100,
        weight=1,
    )
    causes_situational: str = field(
        "Causes in the situation", publish=True, any_of="causes", words=100, weight=1
    )
    causes_offender: str = field("Causes with offenders", publish=True, any_of="causes", words=100)
    causes_community: str = field(
        "Causes in the community", publish=True, any_of="causes", words=100
    )
    causes_systemic: str = field("Causes in the system", publish=True, any_of="causes", words=100)
    risk_factors: list[str] = field("Risk factors", default=[], vocabulary="risk_factors")
    protective_factors: list[str] = field(
        "Protective factors", default=[], vocabulary="protective_factors"
    )
    temporal_patterns: list[str] = field(
        "When it happens", default=[], vocabulary="temporal_patterns"
    )
    temporal_note: str = field("When it happens, in words", words=60)
    populations: list[str] = field(
        "People concerned", default=[], vocabulary="populations", weight=1
    )
    population_roles: list[str] = field(
        "Their part in it", default=[], vocabulary="population_roles"
    )
    age_bands: list[str] = field("Ages", default=[], vocabulary="age_bands")
    previous_responses: str = field("What had been tried, and why it failed", words=120, weight=1)
    evidence_consulted: str = field("Evidence looked at", words=100, weight=1)
    hypothesis: str = field("Working theory", "Because X, so Y.", words=80, weight=2)


class Response(Group):
    """What was done, by whom, how and at what cost."""

    GROUP = "response"

    response_summary: str = field("What was done", words=200, weight=3)
    options_considered: list[Option] = field("Options considered", default=[], weight=1)
    response_types: list[str] = field(
        "Type of response", default=[], vocabulary="response_types", submit=True, weight=2
    )
    response_focus: list[str] = field("Aimed at", default=[], vocabulary="response_focus")
    mechanism: str = field("How it works", "It works by …", publish=True, words=100, weight=2)
    works_best_if: str = field(
        "Works best if", publish=True, any_of="conditions", words=100, weight=1
    )
    fails_if: str = field("Fails if", publish=True, any_of="conditions", words=100, weight=1)
    activities: list[Activity] = field("Activities", default=[], weight=1)
    targeting: str | None = field("Targeting", default=None, vocabulary="targeting")
    targeting_note: str = field("Who or what was chosen, and how", words=60)
    settings: list[str] = field("Setting", default=[], vocabulary="settings", weight=1)
    partners: list[Partner] = field("Partners", default=[], publish=True, weight=2)
    community_role: str | None = field(
        "Part played by local people", default=None, vocabulary="community_roles"
    )
    community_assets: str = field(
        "Local strengths used", "Assets, and who set the agenda.", words=80
    )
    staff_fte: float | None = field("Staff (full-time equivalent)", default=None, ge=0)
    volunteers: int | None = field("Volunteers", default=None, ge=0)
    skills: list[str] = field("Skills needed", default=[])
    training: str = field("Training given", words=60)
    costs: list[Cost] = field("Costs", default=[], weight=1)
    cost_band: str | None = field(
        "Cost band", default=None, vocabulary="cost_bands", publish=True, weight=1
    )
    cost_note: str = field("About the cost", words=60)
    funding_stream: str = field("Funding", long=False)
    lead_time_months: float | None = field("Months to prepare", default=None, ge=0, le=240)
    months_to_first_effect: float | None = field(
        "Months to first effect", default=None, ge=0, le=240
    )
    months_to_full_effect: float | None = field("Months to full effect", default=None, ge=0, le=600)
    preconditions: str = field("What must be in place first", words=80)
    triggers: str = field("What tells you to start", words=60)
    seasonal_windows: list[str] = field("Time of year", default=[], vocabulary="seasonal_windows")
    legal_powers: list[str] = field("Legal powers used", default=[], vocabulary="legal_powers")
    law_checked_on: PartialDate = field("Law last checked")
    data_sharing: str = field("Basis for sharing data", words=60)
    safeguarding_note: str = field("Consent and safeguarding", words=60)
    raises_fear: bool | None = field("Could it raise fear?", default=None)
    restricts_ordinary_use: bool | None = field(
        "Does it limit ordinary use of a place?", default=None
    )
    stigmatises: bool | None = field("Could it stigmatise people or places?", default=None)
    proportionality_note: str = field("Proportionality", words=80)
    equality_impact: str = field("Effect on equality", words=80)
    implementation_problems: list[ImplementationProblem] = field(
        "What went wrong on the way", default=[], publish=True, weight=2
    )
    kit: list[Kit] = field("Material to use again", default=[])


class Assessment(Group):
    """What happened and how it is known."""

    GROUP = "assessment"

    stage_of_practice: str | None = field(
        "Stage of practice",
        "How far it has been tried and tested.",
        default=None,
        vocabulary="stages",
        submit=True,
        weight=1,
    )
    stage_reason: str = field("Why this stage", words=60)
    evaluation_types: list[str] = field(
        "Evaluated how", default=[], vocabulary="evaluation_types", submit=True, weight=1
    )
    evaluators: list[str] = field("Evaluated by", default=[], vocabulary="evaluators", weight=1)
    design: str | None = field(
        "Design of the evaluation", default=None, vocabulary="designs", weight=2
    )
    before_period: str = field("Period before", long=False)
    after_period: str = field("Period after", long=False)
    comparison_area: str = field("Compared with", words=40, weight=1)
    sample_size: str = field("Sample", long=False)
    follow_up_months: float | None = field("Months of follow-up", default=None, ge=0, weight=1)
    assessment_summary: str = field("What happened", words=200, weight=2)
    results: list[Result] = field(
        "Results", "One row for each outcome.", default=[], publish=True, weight=3
    )
    harmful: bool | None = field(
        "Did harm", "Set where good evidence shows it made things worse.", default=None
    )
    displacement: str | None = field(
        "Displacement", default=None, vocabulary="displacement_findings", weight=1
    )
    displacement_note: str = field("Displacement or spread of benefit, in words", words=80)
    side_effects: str = field("Side effects and harms", words=80)
    economics: list[Economics] = field("Value for money", default=[], weight=1)
    emmie: list[Emmie] = field("EMMIE", "Set by curators.", default=[])
    nesta_level: str | None = field(
        "Nesta standard", "Set by curators.", default=None, vocabulary="nesta_levels"
    )
    learning_do: str = field("Do", publish=True, any_of="learning", words=80, weight=1)
    learning_dont: str = field("Do not", publish=True, any_of="learning", words=80)
    learning_next_time: str = field("Next time", publish=True, any_of="learning", words=80)
    learning_sustain: str = field("How to keep it going", publish=True, any_of="learning", words=80)
    status_now: str | None = field("What became of it", default=None, vocabulary="running_states")
    status_as_of: PartialDate = field("As of")
    core_elements: str = field("Keep if you copy it", words=80)
    adaptable: str = field("May be changed", words=80)
    transfer_needs: str = field("What it needs elsewhere", words=80)


class Recognition(Group):
    """Awards, people and use elsewhere."""

    GROUP = "recognition"

    awards: list[Award] = field("Awards", default=[])
    recognised_by: list[str] = field("Recognised by", default=[], vocabulary="recognised_by")
    contacts: list[Contact] = field("Contacts", default=[])
    adoptions: list[Adoption] = field("Tried elsewhere", default=[])


class Origin(Group):
    """Where the record comes from and what it rests on."""

    GROUP = "provenance"

    provenance: list[Provenance] = field("Where this came from", default=[])
    licence: str | None = field("Licence of the original", default=None, vocabulary="licences")
    read: str | None = field(
        "What was read for this record", default=None, vocabulary="read_depths"
    )
    references: list[Reference] = field("References", default=[], numbered=True)
    facts: list[Fact] = field("Figures and where they come from", default=[], max_length=400)
    second_checks: list[SecondCheck] = field("Checked by a second person", default=[])
    body: list[Body] = field("Text", default=[], max_length=2000, section="text")
    sections_there: list[str] = field("Chapters of the original", default=[], searched=False)
    suggested_tags: list[SuggestedTag] = field("Suggested terms", default=[])
    contributor_organisation: str = field("Sent in by")
    on_behalf_of: str = field("On behalf of")
    endorser: str = field("Endorsed by", "Name and role of a senior person who stands behind it.")
    website: WebAddress = field("Website")


class PracticeIn(Part, Origin, Recognition, Assessment, Response, Analysis, Scanning, Identity):
    """One validated record, whatever the door it came through.

    In: a dict of the fields above (YAML, JSON, a form or a crawler's finding); vocabulary fields
    take codes, labels or alternative labels. Out: clean text, known codes, real dates and
    addresses. Raises pydantic's ValidationError, which `kb.records.service.parse` turns into
    RecordInvalid with field, rule and value. What a step of the workflow requires is checked
    apart from this, in `kb.records.rules`, because it depends on record type and door.
    """

    id: str = field(
        "Id",
        "Stable part of the record's address; made from the title when left empty.",
        max_length=100,
        searched=False,
    )

    @classmethod
    def from_snapshot(cls, data: dict[str, Any]) -> "PracticeIn":
        """A record as stored, perhaps by an older version: fields that are gone are left out."""
        known = {name: value for name, value in data.items() if name in cls.model_fields}
        return cls.model_validate(known)

    def snapshot(self) -> dict[str, Any]:
        """Everything that was filled in, as plain JSON values."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def codes(self, name: str, at_least: float = 0.5) -> list[str]:
        """Terms of a vocabulary field: those stated, then those suggested with this confidence."""
        stated = getattr(self, name)
        found = list(stated) if isinstance(stated, list) else [stated] if stated else []
        found += [
            tag.code
            for tag in self.suggested_tags
            if tag.field_name == name and tag.confidence >= at_least
        ]
        return list(dict.fromkeys(found))


@dataclass(frozen=True)
class FieldGroup:
    """A heading of the record and of its form."""

    id: str
    title: str
    help: str


GROUPS = (
    FieldGroup("identity", "In short", "What it is, where and when."),
    FieldGroup("scanning", "Scanning", "What the problem was and how it was noticed."),
    FieldGroup("analysis", "Analysis", "Why it happened, to whom, where and when."),
    FieldGroup("response", "Response", "What was done, by whom, how and at what cost."),
    FieldGroup("assessment", "Assessment", "What happened, how it is known, and what was learnt."),
    FieldGroup("recognition", "Recognition and contacts", "Awards, people and use elsewhere."),
    FieldGroup("provenance", "Where this comes from", "Sources, licence and references."),
)

FIELDS: tuple[FieldSpec, ...] = specs_of(PracticeIn)
FIELD: dict[str, FieldSpec] = {spec.name: spec for spec in FIELDS}
