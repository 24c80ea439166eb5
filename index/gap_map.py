"""Which responses have been told of for which problems, and where nothing is held."""

from dataclasses import dataclass

import numpy as np

from index.engine import Engine, default_engine
from index.facets import FACET
from kb.vocabularies import vocabulary


@dataclass(frozen=True, slots=True)
class Heading:
    """A problem or a response: how many records it has, and whether it can be opened further."""

    code: str
    label: str
    records: int
    opens: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """How many records hold both, and the furthest stage of practice among them ('' if none)."""

    problem: str
    response: str
    records: int
    best_stage: str


@dataclass(frozen=True, slots=True)
class GapMap:
    """Problems down, responses across; `rows` holds the cells of each problem in their order."""

    problems: tuple[Heading, ...]
    responses: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def empty(self) -> int:
        """How many cells hold nothing."""
        return sum(not cell.records for row in self.rows for cell in row)


def gap_map(problem: str = "", response: str = "", engine: Engine | None = None) -> GapMap:
    """The map of the terms right under `problem` and `response`; '' means the top terms.

    A term counts its narrower ones. A code that nothing stands under is shown alone. Raises
    IndexMissing, IndexStale and IndexDamaged.
    """
    engine = engine or default_engine()
    columns = engine.generation().columns
    problems, responses = _below("problem", problem), _below("response", response)
    down = {code: columns.with_facet("problem", [code]) & columns.alive for code in problems}
    across = {code: columns.with_facet("response", [code]) & columns.alive for code in responses}
    stages = [term.code for term in vocabulary("stages")]
    reached = {code: columns.with_facet("stage", [code]) for code in stages}
    rows = []
    for code, rowed in down.items():
        cells = []
        for other, crossed in across.items():
            both = rowed & crossed
            records = int(np.count_nonzero(both))
            best = ""
            if records:
                best = next((one for one in reversed(stages) if (reached[one] & both).any()), "")
            cells.append(Cell(code, other, records, best))
        rows.append(tuple(cells))
    return GapMap(
        tuple(_heading("problem", code, int(mask.sum())) for code, mask in down.items()),
        tuple(_heading("response", code, int(mask.sum())) for code, mask in across.items()),
        tuple(rows),
    )


def held(problem: str, response: str, engine: Engine | None = None) -> int:
    """How many records are of this problem and this response, narrower terms counted."""
    columns = (engine or default_engine()).generation().columns
    both = columns.with_facet("problem", [problem]) & columns.with_facet("response", [response])
    return int(np.count_nonzero(both & columns.alive))


def _below(facet: str, code: str) -> list[str]:
    terms = vocabulary(FACET[facet].vocabulary or "")
    below = [term.code for term in terms.children(code or None)]
    return below or [code]


def _heading(facet: str, code: str, records: int) -> Heading:
    terms = vocabulary(FACET[facet].vocabulary or "")
    return Heading(code, terms.label(code), records, bool(terms.children(code)))
