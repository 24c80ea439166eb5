"""Learn how likely a suggested term is right, from texts that people labelled.

    python -m crawlers.learn_tag_odds DATA_FOLDER

writes `seeds/tag-odds.npz` (crawlers/tag_odds.py reads it) from the texts labelled to learn from
and from the measured ones that are tuned on, never from those held back. It prints how right and
how covering ticked terms are when every eighth of the texts is judged by trees grown on the rest. A
text is judged by leanings that were learnt without it, for those know its terms already. Where
readers disagree, a term counts as right for some and as wrong for the others.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]
from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]

from crawlers.document import blocks_of
from crawlers.hit_rates import HitRates
from crawlers.labelled import Judged, read_judged, read_learnt, share
from crawlers.leanings import Leanings, leanings
from crawlers.learn_leanings import learn, record_texts, terms_of
from crawlers.structure import sections_of
from crawlers.tag_evidence import FIELDS, Candidate
from crawlers.tag_odds import FILE, JUDGED_BY
from crawlers.tags import candidates_of
from kb.settings import settings

_SETS = 3
_ROUNDS = 300
# What a text counts: one that is measured on, and one of our own making, beside a page.
_MEASURED, _MADE = 2.0, 0.5
_FOLDS = 8
_INNER_FOLDS = 6
_GROWTH = {
    "max_features": 0.2,
    "max_depth": 10,
    "learning_rate": 0.04,
    "l2_regularization": 30,
    "min_samples_leaf": 10,
    "early_stopping": False,
}


def grow(
    known: NDArray[Any],
    right: NDArray[Any],
    counts: NDArray[Any] | None = None,
    *,
    rounds: int = _ROUNDS,
) -> list[Any]:
    """Sets of trees that tell right candidates from wrong ones by their figures.

    `right` says how right each candidate is, from 0 to 1; `counts` how much it counts.
    """
    each = np.ones(len(right)) if counts is None else counts
    weights = np.concatenate([each * right, each * (1 - right)])
    kept = weights > 0
    figures = np.concatenate([known, known])[kept]
    told = (np.arange(len(weights)) < len(right))[kept]
    return [
        HistGradientBoostingClassifier(random_state=number, max_iter=rounds, **_GROWTH).fit(
            figures, told, sample_weight=weights[kept]
        )
        for number in range(_SETS)
    ]


def as_file(grown: Sequence[Any]) -> dict[str, Any]:
    """What the file holds: the nodes of all trees, each pair of branches side by side."""
    roots: list[int] = []
    figure: list[int] = []
    least: list[float] = []
    left: list[int] = []
    gain: list[float] = []
    for model in grown:
        for (tree,) in model._predictors:  # the only place where scikit-learn keeps its trees
            nodes = tree.nodes
            places = {0: len(figure)}
            roots.append(len(figure))
            order = [0]
            for number in order:  # grows while it is read
                if not nodes[number]["is_leaf"]:
                    for branch in (int(nodes[number]["left"]), int(nodes[number]["right"])):
                        places[branch] = roots[-1] + len(order)
                        order.append(branch)
            for number in order:
                node = nodes[number]
                leaf = bool(node["is_leaf"])
                figure.append(0 if leaf else int(node["feature_idx"]))
                least.append(0.0 if leaf else float(node["num_threshold"]))
                left.append(places[number] if leaf else places[int(node["left"])])
                gain.append(float(node["value"]) if leaf else 0.0)
    return {
        "figures": np.array(JUDGED_BY),
        "roots": np.array(roots, dtype=np.int32),
        "figure": np.array(figure, dtype=np.int16),
        "least": np.array(least, dtype=np.float32),
        "left": np.array(left, dtype=np.int32),
        "gain": np.array(gain, dtype=np.float32),
        "base": np.array([float(model._baseline_prediction.item()) for model in grown], np.float32),
        "depth": np.array(_GROWTH["max_depth"]),
    }


@dataclass(frozen=True)
class _Text:
    """A labelled text with leanings that do not know it, and what it counts."""

    judged: Judged
    leanings: Leanings
    counts: float

    @property
    def labelled(self) -> int:
        """How many terms its readers agreed on."""
        return sum(len(self.judged.labels.get(field, ())) for field in FIELDS)

    def cases(self, number: int) -> Iterator["_Case"]:
        """Its candidates; `number` is its own."""
        text = self.judged
        blocks = blocks_of(text.text)
        found = candidates_of(blocks, sections_of(blocks), title=text.title, leanings=self.leanings)
        for field in FIELDS:
            for one in found.fields[field]:
                right = share(text.readings, field, one.code)
                agreed = one.code in text.labels.get(field, ())
                yield _Case(number, field, one, right, agreed, self.counts)


@dataclass(frozen=True)
class _Case:
    """A candidate of a field of the text `text`, how right it is, and how much it counts.

    `agreed` says whether its readers agreed on it, by which ticked terms are measured.
    """

    text: int
    field: str
    one: Candidate
    right: float
    agreed: bool
    counts: float


def _texts(data: Path) -> Iterator[_Text]:
    for one in read_judged(data):
        if not one.held_back:
            yield _Text(one, leanings(), _MEASURED)
    texts = read_learnt(data)
    for fold in range(_FOLDS):
        apart = texts[fold::_FOLDS]
        names = {text.name for text in apart}
        others = [(text.text, terms_of(text)) for text in texts if text.name not in names]
        learnt = Leanings.from_file(learn([*record_texts(data), *others]))
        # The cues know those that they were written from.
        yield from (
            _Text(text, learnt, _MADE if text.title else 1.0) for text in apart if not text.cues
        )


def _rates(cases: Iterable[_Case]) -> HitRates:
    return HitRates.counted((case.field, case.one, case.right) for case in cases)


def _grow(cases: Sequence[_Case]) -> list[Any]:
    """Trees grown on cases, each with hit rates that were counted without its text."""
    figures = np.zeros((len(cases), len(JUDGED_BY)), dtype=np.float32)
    for others, apart in _apart(cases, _INNER_FOLDS):
        rates = _rates(cases[row] for row in others)
        figures[apart] = [rates.figures(cases[row].field, cases[row].one) for row in apart]
    right = np.array([case.right for case in cases])
    return grow(figures, right, np.array([case.counts for case in cases]))


def _apart(cases: Sequence[_Case], folds: int) -> Iterator[tuple[NDArray[Any], NDArray[Any]]]:
    """Rows of cases to learn from and rows to judge, no text in both."""
    texts = [case.text for case in cases]
    yield from GroupKFold(folds).split(texts, groups=texts)


def _print_judged_unseen(cases: Sequence[_Case], texts: Sequence[_Text]) -> None:
    right = np.array([case.agreed for case in cases])
    unseen = np.zeros(len(cases))
    for train, test in _apart(cases, _FOLDS):
        known = [cases[row] for row in train]
        rates, grown = _rates(known), _grow(known)
        figures = [rates.figures(cases[row].field, cases[row].one) for row in test]
        judged = np.array(figures, dtype=np.float32)
        unseen[test] = np.mean([tree.predict_proba(judged)[:, 1] for tree in grown], axis=0)
    for name, least_counts in (("all", 0.0), ("measured", _MEASURED)):
        labelled = sum(text.labelled for text in texts if text.counts >= least_counts)
        among = np.array([case.counts >= least_counts for case in cases])
        for least in (0.8, 0.77, 0.75, 0.74, 0.73, 0.72, 0.71, 0.7, 0.65, 0.6, 0.5):
            ticked = among & (unseen >= least)
            found = right[ticked].sum()
            print(
                f"{name}, from {least:.2f}: right {found / ticked.sum():.3f}, "
                f"cover {found / labelled:.3f}"
            )


def _learn(data: Path) -> Mapping[str, Any]:
    texts = list(_texts(data))
    cases = [case for number, text in enumerate(texts) for case in text.cases(number)]
    _print_judged_unseen(cases, texts)
    return {**as_file(_grow(cases)), **_rates(cases).as_file()}


if __name__ == "__main__":
    np.savez_compressed(settings().seeds_dir / FILE, **_learn(Path(sys.argv[1])))
