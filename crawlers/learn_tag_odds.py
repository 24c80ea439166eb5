"""Learn how likely a suggested term is right, from texts that people labelled.

    python -m crawlers.learn_tag_odds DATA_FOLDER

writes `seeds/tag-odds.npz` (crawlers/tag_odds.py reads it) from the first pages labelled to learn
from and the labelled texts that are tuned on, never those held back. It prints how right and how
covering ticked terms are when every eighth of the texts is judged by trees grown on the rest. A
page is judged by leanings that were learnt without it, for those know its terms already.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier  # type: ignore[import-untyped]
from sklearn.model_selection import GroupKFold  # type: ignore[import-untyped]

from crawlers.document import blocks_of
from crawlers.judged import Judged, read_judged, read_learnt
from crawlers.leanings import Leanings, leanings
from crawlers.learn_leanings import learn, record_texts, terms_of
from crawlers.structure import sections_of
from crawlers.tag_evidence import FIELDS, FIGURES
from crawlers.tag_odds import FILE
from crawlers.tags import candidates_of
from kb.settings import settings

_SETS = 3
_ROUNDS = 200
_WHOLE = (
    2.0  # what a text whose every field was labelled counts beside a page labelled to learn from
)
_FOLDS = 8
_GROWTH = {
    "max_features": 0.3,
    "max_depth": 6,
    "learning_rate": 0.04,
    "l2_regularization": 10,
    "min_samples_leaf": 20,
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
        "figures": np.array(FIGURES),
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


def _learn(data: Path) -> Mapping[str, Any]:
    known, right, groups, counts, labelled = [], [], [], [], 0
    for number, (one, leans) in enumerate(_texts(data)):
        blocks = blocks_of(one.text)
        found = candidates_of(blocks, sections_of(blocks), title=one.title, leanings=leans)
        for name in sorted(one.labels.keys() & set(FIELDS)):
            labels = one.labels[name]
            labelled += len(labels)
            for candidate in found.fields[name]:
                known.append(candidate.figures)
                right.append(candidate.code in labels)
                groups.append(number)
                counts.append(_WHOLE if one.sections else 1.0)
    figures, wanted = np.array(known, dtype=np.float32), np.array(right)
    weights = np.array(counts)
    unseen = np.zeros(len(wanted))
    for train, test in GroupKFold(_FOLDS).split(figures, wanted, groups):
        grown = grow(figures[train], wanted[train], weights[train])
        unseen[test] = np.mean([tree.predict_proba(figures[test])[:, 1] for tree in grown], axis=0)
    for least in (0.8, 0.77, 0.75, 0.73, 0.7, 0.6, 0.5):
        share = wanted[unseen >= least].sum()
        given = (unseen >= least).sum()
        print(f"{least:.2f}: right {share / given:.3f}, cover {share / labelled:.3f}")
    return as_file(grow(figures, wanted, weights))


if __name__ == "__main__":
    np.savez_compressed(settings().seeds_dir / FILE, **_learn(Path(sys.argv[1])))
