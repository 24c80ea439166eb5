"""How well the starter collection and its judged questions are spread, against set targets."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from kb.full_studies import is_full
from kb.records import CASE_TYPES, PracticeIn, service
from kb.seeding import read_yaml
from kb.settings import settings
from kb.vocabularies import vocabulary


@dataclass(frozen=True)
class Spread:
    """One target: what is counted, how many are wanted, how many there are now."""

    what: str
    wanted: int
    now: int

    @property
    def met(self) -> bool:
        """Whether there are enough."""
        return self.now >= self.wanted

    def as_dict(self) -> dict[str, Any]:
        """For printing as JSON."""
        return {**asdict(self), "met": self.met}


def starter_records() -> list[PracticeIn]:
    """The record files under seeds/, read but not stored. Raises on one that is not a record."""
    folder = settings().seeds_dir / "records"
    return [service.parse(read_yaml(path)) for path in sorted(folder.glob("*.yaml"))]


def targets() -> dict[str, Any]:
    """What the starter collection is meant to hold."""
    found: dict[str, Any] = read_yaml(settings().seeds_dir / "targets.yaml")
    return found


def judged_questions() -> list[dict[str, Any]]:
    """The questions with graded answers under seeds/judged/, as their files hold them."""
    folder = settings().seeds_dir / "judged"
    return [row for path in sorted(folder.glob("*.yaml")) for row in read_yaml(path)["queries"]]


def judged_spread(questions: list[dict[str, Any]], wanted: dict[str, Any]) -> list[Spread]:
    """Every target for the judged questions with what they reach."""
    kinds = Counter(kind for row in questions for kind in row["kinds"])
    return [
        Spread("Judged questions", wanted["judged_questions"], len(questions)),
        *(
            Spread(f"Judged questions: {label}", wanted["per_judged_kind"], kinds[kind])
            for kind, label in wanted["judged_kinds"].items()
        ),
        Spread(
            "Judged questions held back from tuning",
            len(questions) // 2,
            sum(row["held_back"] for row in questions),
        ),
        Spread(
            "Judged questions with a reason and a real answer",
            len(questions),
            sum(bool(row["why"]) and max(row["grades"].values()) >= 2 for row in questions),
        ),
    ]


def spread(records: list[PracticeIn], wanted: dict[str, Any]) -> list[Spread]:
    """Every target with what the records reach."""

    def count(what: str, name: str, found: Iterable[PracticeIn]) -> Spread:
        return Spread(what, wanted[name], sum(1 for _ in found))

    rows = [Spread("Records", wanted["records"], len(records))]
    groups = Counter(group for record in records for group in _problem_groups(record))
    rows += [
        Spread(f"Problem group: {term.label}", wanted["per_problem_group"], groups[term.code])
        for term in vocabulary("problem_types").children(None)
    ]
    rows += [
        Spread(
            f"Different responses to: {name}",
            wanted["per_searched_problem"],
            _responses([r for r in records if _problems(r) & set(codes)]),
        )
        for name, codes in wanted["searched_problems"].items()
    ]
    starts = {int(r.started[:4]) for r in records if r.started}
    since = wanted["since"]
    this_far = max(starts, default=since)
    rows += [
        Spread("Levels of intervention", wanted["levels"], _levels(records)),
        Spread("Countries", wanted["countries"], len({c for r in records if (c := _country(r))})),
        Spread(f"Started in {since} or before", 1, sum(year <= since for year in starts)),
        Spread(
            f"Five-year spans with a start, {since} to {this_far}",
            (this_far - since) // 5 + 1,
            len({(year - since) // 5 for year in starts if year >= since}),
        ),
        count("Failed, faded or did harm", "failed_faded_or_harmed", filter(failed, records)),
        count("Cases not led by police", "not_police_led", filter(_not_police_led, records)),
        count("Full SARA case studies, read in full", "full_studies", filter(is_full, records)),
        count(
            "Reviews or programmes with results per outcome",
            "reviews_or_programmes",
            (r for r in records if r.record_type in ("review", "programme") and _measured(r)),
        ),
        count(
            "How-to guides, tools and standards",
            "guides_or_tools",
            (r for r in records if r.record_type in ("guide", "toolkit", "standard")),
        ),
        count(
            "Award winners",
            "award_winners",
            (r for r in records if any(award.level == "winner" for award in r.awards)),
        ),
        count(
            "Organisations that can help",
            "who_can_help",
            (r for r in records if r.record_type == "organisation"),
        ),
        Spread(
            "Checked by a second person", len(records), sum(bool(r.second_checks) for r in records)
        ),
    ]
    return rows


def second_checks(records: list[PracticeIn]) -> tuple[int, int]:
    """How many facts somebody else looked up again, and how many of them were wrong at first."""
    checks = [check for record in records for check in record.second_checks]
    return (
        sum(check.facts_checked or 0 for check in checks),
        sum(check.facts_wrong or 0 for check in checks),
    )


def failed(record: PracticeIn) -> bool:
    """Whether it harmed, changed nothing or made something worse, or was stopped early."""
    return (
        bool(record.harmful)
        or record.status_now == "stopped-early"
        or any(result.direction in ("worse", "no-change") for result in record.results)
    )


def _problems(record: PracticeIn) -> set[str]:
    terms = vocabulary("problem_types")
    return {
        code for problem in record.problem_types for code in (problem, *terms.ancestors(problem))
    }


def _problem_groups(record: PracticeIn) -> set[str]:
    return {term.code for term in vocabulary("problem_types").children(None)} & _problems(record)


def _responses(records: list[PracticeIn]) -> int:
    """Different answers: main responses of cases and reviews, and each guide or tool by itself."""
    return len(
        {
            record.response_types[0] if record.response_types else record.id
            for record in records
            if record.record_type != "organisation"
        }
    )


def _levels(records: list[PracticeIn]) -> int:
    return len({level for record in records for level in record.intervention_levels})


def _country(record: PracticeIn) -> str:
    """The country; the nations of the United Kingdom are one."""
    return ((record.place and record.place.country) or "").partition("-")[0]


def _not_police_led(record: PracticeIn) -> bool:
    leads = [partner for partner in record.partners if "lead" in partner.roles]
    return (
        record.record_type in CASE_TYPES
        and bool(leads)
        and not any("police" in partner.sectors for partner in leads)
    )


def _measured(record: PracticeIn) -> bool:
    return any(r.direction and r.direction != "not-measured" for r in record.results)
