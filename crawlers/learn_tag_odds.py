"""Learn how likely a suggested term is right, from texts that people labelled.

    python -m crawlers.learn_tag_odds DATA_FOLDER

writes `seeds/tag-odds.npz` (crawlers/tag_odds.py reads it) from the first pages labelled to learn
from and the labelled texts that are tuned on, never those held back. It prints how right and how
covering ticked terms are when every eighth of the texts is judged by trees grown on the rest. A
page is judged by leanings that were learnt without it, for those know its terms already.
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
from crawlers.judged import Judged, read_judged, read_learnt
from crawlers.leanings import Leanings, leanings
from crawlers.learn_leanings import learn, record_texts, terms_of
from crawlers.structure import sections_of
from crawlers.tag_evidence import FIELDS, Candidate
from crawlers.tag_odds import FILE, JUDGED_BY
from crawlers.tags import candidates_of
from kb.settings import settings

_SETS = 3
_ROUNDS = 300
_WHOLE = (
    2.0  # what a text whose every field was labelled counts beside a page labelled to learn from
)
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
    """Sets of trees that tell right candidates from wrong ones by their figures; `counts` is how
    much each candidate counts."""
    return [
        HistGradientBoostingClassifier(random_state=number, max_iter=rounds, **_GROWTH).fit(
            known, right, sample_weight=counts
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


def _texts(data: Path) -> Iterator[tuple[Judged, Leanings]]:
    """Each text that is learnt from, with leanings that do not know it."""
    for one in read_judged(data):
        if not one.held_back:
            yield one, leanings()
    pages = read_learnt(data)
    for fold in range(_FOLDS):
        apart = pages[fold::_FOLDS]
        names = {page.name for page in apart}
        others = [(page.text, terms_of(page)) for page in pages if page.name not in names]
        learnt = Leanings.from_file(learn([*record_texts(data), *others]))
        yield from ((page, learnt) for page in apart)


@dataclass(frozen=True)
class _Case:
    """A candidate of a field of the text `text`, whether it is right, and how much it counts."""

    text: int
    field: str
    one: Candidate
    right: bool
    counts: float


def _cases(data: Path) -> tuple[list[_Case], int]:
    """All candidates of the texts that are learnt from, and how many terms people labelled."""
    cases, labelled = [], 0
    for number, (text, leans) in enumerate(_texts(data)):
        blocks = blocks_of(text.text)
        found = candidates_of(blocks, sections_of(blocks), title=text.title, leanings=leans)
        counts = _WHOLE if text.sections else 1.0
        for name in sorted(text.labels.keys() & set(FIELDS)):
            labels = text.labels[name]
            labelled += len(labels)
            cases += [
                _Case(number, name, one, one.code in labels, counts) for one in found.fields[name]
            ]
    return cases, labelled


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


def _print_judged_unseen(cases: Sequence[_Case], labelled: int) -> None:
    right = np.array([case.right for case in cases])
    unseen = np.zeros(len(cases))
    for train, test in _apart(cases, _FOLDS):
        known = [cases[row] for row in train]
        rates, grown = _rates(known), _grow(known)
        figures = [rates.figures(cases[row].field, cases[row].one) for row in test]
        judged = np.array(figures, dtype=np.float32)
        unseen[test] = np.mean([tree.predict_proba(judged)[:, 1] for tree in grown], axis=0)
    for least in (0.8, 0.77, 0.75, 0.74, 0.73, 0.72, 0.71, 0.7, 0.65, 0.6, 0.5):
        ticked = unseen >= least
        share = right[ticked].sum()
        print(f"{least:.2f}: right {share / ticked.sum():.3f}, cover {share / labelled:.3f}")


def _learn(data: Path) -> Mapping[str, Any]:
    cases, labelled = _cases(data)
    _print_judged_unseen(cases, labelled)
    return {**as_file(_grow(cases)), **_rates(cases).as_file()}


if __name__ == "__main__":
    np.savez_compressed(settings().seeds_dir / FILE, **_learn(Path(sys.argv[1])))
