"""How likely a suggested term is right, judged by all that speaks for it.

A logistic regression over a few facts about the mentions of a term and how the whole text leans
towards it (crawlers/leanings.py). Its weights were fitted on the
labelled texts that were tuned on (never on those held back), with

    python -m crawlers.tag_odds DATA_FOLDER

which prints them, and how right and how covering ticked terms are at each threshold when every
tenth of the texts is judged by weights from the rest.
"""

import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from crawlers.leanings import Lean

FIELDS = (
    *("problem_types", "response_types", "settings", "populations", "agencies", "outcomes"),
    "intervention_levels",
)
TICKED = 0.75
"""How likely a term must be right to be ticked before a person has looked: where, in texts that the
weights had not seen, nine in ten ticked terms were right."""

_NAMES = (
    *("sure", "best", "mentions", "told", "title", "top"),
    *("cue_and_name", "words", "several_words", "first", "late"),
    *("leans", "leans_most", "usual"),
)
_WEIGHTS: Mapping[str, float] = {
    "sure": 0.274,
    "best": 2.624,
    "mentions": 0.087,
    "told": 0.319,
    "title": -0.017,
    "top": 0.375,
    "cue_and_name": 0.480,
    "words": 0.144,
    "several_words": 0.238,
    "first": 0.366,
    "late": -0.344,
    "leans": 0.994,
    "leans_most": 0.638,
    "usual": 0.169,
    "problem_types": -0.050,
    "response_types": 0.012,
    "settings": -0.577,
    "populations": -0.648,
    "agencies": 0.620,
    "outcomes": 0.506,
    "intervention_levels": 0.191,
}
_BASE = -2.346
_LATE = 3  # from this rank on a text names terms in passing


def features(
    *,
    confidence: float,
    best: float,
    mentions: int,
    told: float,
    title: bool,
    top: bool,
    cue_and_name: bool,
    words: Sequence[str],
    rank: int,
    lean: Lean,
) -> tuple[float, ...]:
    """What the weights are for: `told` is the share of mentions where such a term is told of."""
    bounded = min(max(confidence, 0.02), 0.98)
    return (
        math.log(bounded / (1 - bounded)),
        best,
        math.log(max(mentions, 1)),
        told,
        float(title),
        float(top),
        float(cue_and_name),
        float(min(len(words), 4)),
        float(any(" " in word.strip() for word in words)),
        float(rank == 0),
        float(rank >= _LATE),
        lean.score,
        float(lean.most),
        lean.usual,
    )


def chance(field: str, found: Sequence[float]) -> float:
    """How likely a term of a field is right, from 0 to 1."""
    total = _BASE + _WEIGHTS[field]
    total += sum(_WEIGHTS[name] * value for name, value in zip(_NAMES, found, strict=True))
    return 1 / (1 + math.exp(-total))


def _fit(data: Path) -> None:
    """Print weights fitted on the texts that are tuned on, and what they give on unseen ones."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
    from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]

    from crawlers.judged import read_judged

    rows, right, groups, labelled = [], [], [], 0
    for number, one in enumerate(item for item in read_judged(data) if not item.held_back):
        for field in FIELDS:
            labelled += len(one.labels.get(field, ()))
            for tag in one.structure.tags[field]:
                rows.append([*tag.evidence, *(float(field == name) for name in FIELDS)])
                right.append(tag.code in one.labels.get(field, ()))
                groups.append(number)
    known, wanted = np.array(rows), np.array(right)
    spread = known.std(0)
    known /= spread  # so that the fit holds every weight down alike
    model = LogisticRegression(C=0.03, max_iter=4000)
    unseen = np.zeros(len(wanted))
    for train, test in GroupKFold(10).split(known, wanted, groups):
        unseen[test] = model.fit(known[train], wanted[train]).predict_proba(known[test])[:, 1]
    for least in (0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.5):
        ticked = unseen >= least
        share = wanted[ticked].sum()
        print(f"# {least:.2f}: right {share / ticked.sum():.3f}, cover {share / labelled:.3f}")
    model.fit(known, wanted)
    for name, weight in zip((*_NAMES, *FIELDS), model.coef_[0] / spread, strict=True):
        print(f'    "{name}": {weight:.3f},')
    print(f"_BASE = {model.intercept_[0]:.3f}")


if __name__ == "__main__":
    _fit(Path(sys.argv[1]))
