"""The pages of the form: fields that belong together, in the order of the record.

Fields are put on pages by name. A field that no page names, such as a new one, stands on the last
page of its group, so that adding a field stays one entry in its definition.
"""

from dataclasses import dataclass
from functools import cache

from kb.records.definition import FieldSpec
from kb.records.practice import FIELD, FIELDS
from kb.records.rules import applies


@dataclass(frozen=True)
class FormSection:
    """One page of the form. `why` says what readers use it for."""

    id: str
    title: str
    why: str
    group: str
    fields: tuple[FieldSpec, ...]

    def expected(self, record_type: str) -> bool:
        """Whether anything on it is needed before this kind of record can be sent in."""
        return any(s.required == "submit" and applies(s, record_type) for s in self.fields)


_PAGES: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "title",
        "Title and summary",
        "It is what people see in a list of results, and often all they read.",
        "identity",
        "record_type title summary",
    ),
    (
        "where",
        "Where and when",
        "Readers look for places like theirs.",
        "identity",
        "place started ended ongoing now_routine scale",
    ),
    (
        "topics",
        "What it is about",
        "Readers filter by these; without them your entry is hard to find.",
        "identity",
        (
            "problem_types intervention_levels aspects aspect_what aspect_how aspect_who "
            "aspect_when keywords"
        ),
    ),
    (
        "links",
        "Links and publication",
        "Ties it to other records, and says who brought it out. Skip what does not apply.",
        "identity",
        "",
    ),
    (
        "problem",
        "Scanning: the problem",
        "Readers match their own problem against this.",
        "scanning",
        (
            "problem_statement why_chosen first_indicators how_identified identified_by "
            "community_concern consultation_methods"
        ),
    ),
    (
        "aims",
        "Scanning: size and aims",
        "Without a figure and an aim nobody can tell whether it worked.",
        "scanning",
        "",
    ),
    (
        "analysis",
        "Analysis: what was found",
        "Counts double, as in the Tilley Awards: it tells why the response fitted the problem.",
        "analysis",
        (
            "data_sources analysis_methods analysis_findings hypothesis causes_situational "
            "causes_offender causes_community causes_systemic previous_responses "
            "evidence_consulted"
        ),
    ),
    (
        "triangle",
        "Analysis: who, where and when",
        "The problem analysis triangle: victims or targets, offenders, and places.",
        "analysis",
        "",
    ),
    (
        "response",
        "Response: what was done",
        "Others should be able to do it after reading this.",
        "response",
        (
            "response_summary response_types mechanism works_best_if fails_if activities settings "
            "response_focus targeting targeting_note"
        ),
    ),
    (
        "people",
        "Response: partners and people",
        "Tells readers whom they need, and how to win them.",
        "response",
        "partners community_role community_assets staff_fte volunteers skills training",
    ),
    (
        "cost",
        "Response: cost and time",
        "Bids and plans need figures, even rough ones.",
        "response",
        (
            "cost_band costs cost_note funding_stream lead_time_months months_to_first_effect "
            "months_to_full_effect preconditions triggers seasonal_windows"
        ),
    ),
    (
        "law",
        "Response: law and fairness",
        "Powers used, data shared, and whether it was proportionate.",
        "response",
        (
            "legal_powers law_checked_on data_sharing safeguarding_note raises_fear "
            "restricts_ordinary_use stigmatises proportionality_note equality_impact"
        ),
    ),
    (
        "difficulties",
        "Response: what went wrong, and material",
        "What went wrong is what the next people can use most.",
        "response",
        "",
    ),
    (
        "evaluation",
        "Assessment: how it was measured",
        "Counts double: it decides how sure anybody can be.",
        "assessment",
        (
            "stage_of_practice stage_reason evaluation_types evaluators design before_period "
            "after_period comparison_area sample_size follow_up_months"
        ),
    ),
    (
        "results",
        "Assessment: what happened",
        "One row for each outcome, also for what did not change or got worse.",
        "assessment",
        "assessment_summary results displacement displacement_note side_effects economics harmful",
    ),
    (
        "learning",
        "Assessment: what was learnt",
        "Keeps the next people from paying for the same lesson.",
        "assessment",
        "",
    ),
    (
        "contacts",
        "Contacts and awards",
        "Readers want to ask somebody. Give a role and a team mailbox.",
        "recognition",
        "",
    ),
    (
        "origin",
        "Who sends it in, and what it rests on",
        "Says what others may do with it and where the figures come from.",
        "provenance",
        "",
    ),
)


@cache
def sections(*, curator: bool = False) -> tuple[FormSection, ...]:
    """The pages of the form, for contributors or with what only curators fill in."""
    asked = ("all", "curators") if curator else ("all",)
    named = {name for *_, names in _PAGES for name in names.split()}
    last = {group: section_id for section_id, _, _, group, _ in _PAGES}
    made = []
    for section_id, title, why, group, names in _PAGES:
        fields = [FIELD[name] for name in names.split()]
        if last[group] == section_id:
            fields += [spec for spec in FIELDS if spec.group == group and spec.name not in named]
        shown = tuple(spec for spec in fields if spec.asked in asked)
        made.append(FormSection(section_id, title, why, group, shown))
    return tuple(made)


def section(section_id: str, *, curator: bool = False) -> FormSection | None:
    """The page with this id; None when there is none."""
    return next((one for one in sections(curator=curator) if one.id == section_id), None)


def section_of(field_name: str) -> FormSection | None:
    """The page that asks for a field; None for a field that no form asks for."""
    for one in sections(curator=True):
        if any(spec.name == field_name for spec in one.fields):
            return one
    return None
