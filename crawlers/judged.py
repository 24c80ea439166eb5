"""How well texts are structured, measured on texts that people labelled beforehand."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crawlers.judged_facts import FACT_FIELDS, fact_figures
from crawlers.labelled import Judged, Labels, read_judged
from crawlers.stages import STAGES
from crawlers.tags import TAG_FIELDS


def measured(judged: Sequence[Judged]) -> dict[str, Any]:
    """Figures for some texts: the section split beside headings alone, and terms by field."""
    fields = [field for field in TAG_FIELDS if any(field in one.labels for one in judged)]
    found = {field: _terms(judged, field) for field in fields}
    first = [_terms(judged, field, lambda one: one.readings[0].sure) for field in fields]
    split = _split(judged, lambda one: one.structure.texts())
    alone = _split(
        judged, lambda one: {stage: section.text for stage, section in one.by_headings.items()}
    )
    return {
        "texts": len(judged),
        "sections": split,
        "sections_by_headings_alone": alone,
        "margin": round(split["macro_f1"] - alone["macro_f1"], 3),
        "terms": found,
        "ticked": _together(found.values()),
        "ticked_by_first_reading": _together(first),
        "facts": fact_figures(
            [(one.facts, one.facts_found) for one in judged if one.facts is not None]
        ),
    }


def _together(found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The rates of ticked terms of several fields in one."""
    ticked = [item["ticked"] for item in found]
    return _rates(*(sum(item[name] for item in ticked) for name in ("right", "given", "labelled")))


def _split(judged: Sequence[Judged], texts_of: Any) -> dict[str, float]:
    """Word F1 of each stage, over the texts that tell it or are said to; and their mean."""
    scores: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for one in judged:
        texts = texts_of(one)
        for stage in STAGES:
            wanted, given = _words(one.sections[stage]), _words(texts[stage])
            if wanted or given:
                shared = sum((wanted & given).values())
                scores[stage].append(2 * shared / (wanted.total() + given.total()))
    means = {stage: sum(found) / len(found) if found else 0.0 for stage, found in scores.items()}
    means["macro_f1"] = sum(means.values()) / len(STAGES)
    return {name: round(value, 3) for name, value in means.items()}


def _words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.lower()))


def _terms(
    judged: Sequence[Judged],
    field: str,
    labels_of: Callable[[Judged], Labels] = lambda one: one.labels,
) -> dict[str, Any]:
    """For one field: F1 averaged over its terms, and rates of all terms offered and of ticked."""
    right: Counter[str] = Counter()
    given: Counter[str] = Counter()
    labelled: Counter[str] = Counter()
    ticked_right = ticked_given = 0
    for one in judged:
        wanted = labels_of(one).get(field, frozenset())
        tags = one.structure.tags[field]
        offered = {tag.code for tag in tags}
        ticked = {tag.code for tag in tags if tag.ticked}
        right.update(offered & wanted)
        given.update(offered)
        labelled.update(wanted)
        ticked_right += len(ticked & wanted)
        ticked_given += len(ticked)
    terms = set(given) | set(labelled)
    each = [2 * right[term] / (given[term] + labelled[term]) for term in terms]
    return {
        "macro_f1": round(sum(each) / len(each), 3) if each else None,
        "offered": _rates(right.total(), given.total(), labelled.total()),
        "ticked": _rates(ticked_right, ticked_given, labelled.total()),
    }


def _rates(right: int, given: int, labelled: int) -> dict[str, Any]:
    return {
        "right": right,
        "given": given,
        "labelled": labelled,
        "precision": round(right / given, 3) if given else None,
        "coverage": round(right / labelled, 3) if labelled else None,
    }


def report(data: Path | None) -> dict[str, Any]:
    """Figures of all texts, of those tuned on and of those held back."""
    judged = read_judged(data)
    return {
        "all": measured(judged),
        "tuned_on": measured([one for one in judged if not one.held_back]),
        "held_back": measured([one for one in judged if one.held_back]),
    }


def as_text(figures: Mapping[str, Any]) -> str:
    """The report as a person reads it."""
    lines = []
    for name, part in figures.items():
        split, alone = part["sections"], part["sections_by_headings_alone"]
        lines.append(f"{name.replace('_', ' ').capitalize()}: {part['texts']} texts")
        lines.append(
            "  sections, word F1: "
            + ", ".join(f"{stage} {split[stage]:.3f}" for stage in STAGES)
            + f"; mean {split['macro_f1']:.3f}, by headings alone {alone['macro_f1']:.3f}, "
            f"margin {part['margin']:+.3f}"
        )
        lines.append(f"  {'terms':<20}{'macro F1':>9}{'ticked right':>14}{'ticked cover':>14}")
        for field, found in part["terms"].items():
            lines.append(f"  {field:<20}{_shown(found['macro_f1']):>9}{_both(found['ticked'])}")
        lines.append(f"  {'all fields':<29}{_both(part['ticked'])}")
        lines.append(f"  {'by the first reader alone':<29}{_both(part['ticked_by_first_reading'])}")
        lines += _facts_as_text(part["facts"])
    return "\n".join(lines)


def _facts_as_text(facts: Mapping[str, Any]) -> list[str]:
    lines = [
        f"  {'facts, ' + str(facts['texts']) + ' texts':<20}{'F1':>9}{'right':>14}{'found':>14}"
    ]
    for field in FACT_FIELDS:
        one = facts[field]
        lines.append(
            f"  {field:<20}{_shown(one['f1']):>9}{_shown(one['precision']):>14}"
            f"{_shown(one['recall']):>14}"
        )
    return [*lines, f"  {'mean of the fields':<20}{_shown(facts['macro_f1']):>9}"]


def _both(rates: Mapping[str, Any]) -> str:
    return f"{_shown(rates['precision']):>14}{_shown(rates['coverage']):>14}"


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
