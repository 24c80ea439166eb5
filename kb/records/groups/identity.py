"""What it is, where and when."""

from kb.records.definition import Group, field
from kb.records.parts import Place
from kb.records.values import PartialDate


class Identity(Group):
    """What it is, where and when."""

    GROUP = "identity"

    record_type: str = field(
        "Kind of record",
        "A project is one piece of work in one place.",
        default="project",
        vocabulary="record_types",
        submit=True,
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
        "Also known as",
        "Names it goes by; searched as its title is.",
        default=[],
        example="The Marsh Lane gating scheme",
    )
    summary: str = field(
        "Summary",
        "The whole story in plain words, without acronyms.",
        submit=True,
        words=100,
        weight=2,
        example=(
            "Burglars came through the back alleys of terraced streets. The council and "
            "residents fitted lockable gates to 40 alleys. Burglaries fell from 120 to 80"
            " a year; streets without gates saw no change."
        ),
        why="It is all that most people read; without it they pass on.",
    )
    aspects: list[str] = field(
        "Helps with",
        "Whether it tells what to do, how to do it, who can help or when to do it.",
        default=[],
        vocabulary="aspects",
        submit=True,
        weight=1,
    )
    aspect_what: str = field(
        "What to do",
        "In one or two sentences, for somebody in a hurry.",
        words=60,
        example="Fit lockable gates to alleys behind terraced houses.",
    )
    aspect_how: str = field(
        "How to do it",
        "The step that others most often get wrong.",
        words=60,
        example=("Get every household's consent first, then fit all gates of a block in one week."),
    )
    aspect_who: str = field(
        "Who can help",
        "Bodies and roles, not persons.",
        words=60,
        example="The council's community safety team keeps the model consent form.",
    )
    aspect_when: str = field(
        "When to do it",
        "When to start, and what must come first.",
        words=60,
        example="Before the dark evenings; allow six months for consents.",
    )
    problem_types: list[str] = field(
        "Problem",
        "The first is the main problem.",
        default=[],
        vocabulary="problem_types",
        submit=True,
        weight=1,
    )
    keywords: list[str] = field(
        "Other keywords",
        "Words the lists lack; they feed proposals for new terms.",
        default=[],
        example="back alleys, passageways",
    )
    intervention_levels: list[str] = field(
        "Level of intervention",
        "From prevention for all to intensive work with a few.",
        default=[],
        vocabulary="intervention_levels",
        submit=True,
        weight=1,
    )
    prevention_tiers: list[str] = field(
        "Tier of prevention",
        "For everybody, for those at risk, or for those already affected.",
        default=[],
        vocabulary="prevention_tiers",
    )
    place: Place | None = field(
        "Place", "The place where it was done.", default=None, submit=True, weight=1
    )
    started: PartialDate = field(
        "Started", "When work on the ground began.", submit=True, weight=1, example="2004-03"
    )
    ended: PartialDate = field("Ended", "Leave empty while it goes on.", example="2006")
    ongoing: bool | None = field("Still going", "Whether it runs today.", default=None)
    now_routine: bool | None = field(
        "Now part of routine work", "Whether it goes on without project money.", default=None
    )
    scale: str | None = field(
        "Scale", "How large an area it covered.", default=None, vocabulary="scales", weight=1
    )
    published_on: PartialDate = field(
        "Published", "Date of the document or guide itself.", example="2007-05"
    )
    authors: list[str] = field(
        "Authors", "Of a guide, review or paper.", default=[], example="A. Author"
    )
    publisher: str = field(
        "Publisher", "The body that brought it out.", example="Marsh Lane Council"
    )
    language: str = field(
        "Language", "Two-letter code.", default="en", max_length=12, searched=False, example="en"
    )
    standards: list[str] = field(
        "National standards it serves",
        "Criteria of the National Occupational Standards, such as BA12 P3.",
        default=[],
        vocabulary="standards",
    )
    parent: str = field(
        "Part of",
        "Id of the record it belongs to.",
        searched=False,
        example="safer-streets-programme",
    )
    replicates: list[str] = field(
        "Copied from",
        "Ids of records whose practice this one took over.",
        default=[],
        searched=False,
        example="alley-gating-liverpool",
    )
    related: list[str] = field(
        "See also",
        "Ids of related records.",
        default=[],
        searched=False,
        example="cctv-systematic-review",
    )
