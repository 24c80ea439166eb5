"""What search needs of every record at once, as arrays: facets, years, passages, order.

Each record stands under a number that it keeps while the index grows; a number whose record is
gone stays empty until the index is rebuilt.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.document import LISTED
from index.errors import IndexDamaged

Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]
NO_YEAR = -1


class Ragged:
    """Rows of differing length in two flat arrays."""

    def __init__(self, starts: Ints, values: Ints) -> None:
        """Row n is values[starts[n]:starts[n + 1]]."""
        self.starts, self.values = starts, values

    @classmethod
    def empty(cls) -> "Ragged":
        """No rows."""
        return cls(np.zeros(1, np.int64), np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def row(self, number: int) -> Ints:
        """One row."""
        return self.values[self.starts[number] : self.starts[number + 1]]

    def among(self, rows: Mask) -> Ints:
        """What stands in these rows."""
        numbers = np.flatnonzero(rows)
        if len(numbers) * 3 > len(self):
            return self.values[rows[self.owners]]
        firsts = self.starts[numbers]
        lengths = self.starts[numbers + 1] - firsts
        # Each row's places follow one another from its first; the rows before it are taken off.
        before = np.cumsum(lengths) - lengths
        places: Ints = np.repeat(firsts - before, lengths) + np.arange(lengths.sum())
        return self.values[places]

    @cached_property
    def owners(self) -> Ints:
        """For each value, the row it stands in."""
        return np.repeat(np.arange(len(self)), np.diff(self.starts))

    def replaced(self, rows: Mapping[int, Sequence[int]], size: int) -> "Ragged":
        """A copy of `size` rows in which these rows are as given and new ones are empty."""
        lengths = np.zeros(size, np.int64)
        lengths[: len(self)] = np.diff(self.starts)
        parts: list[Ints] = []
        done = 0
        numbers = sorted(rows)
        for number in numbers:
            lengths[number] = len(rows[number])
            if number < len(self):
                parts.append(self.values[done : self.starts[number]])
                parts.append(np.asarray(rows[number], np.int64))
                done = int(self.starts[number + 1])
        parts.append(self.values[done:])
        new = [rows[number] for number in numbers if number >= len(self)]
        parts.append(np.fromiter(chain.from_iterable(new), np.int64))
        starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        return Ragged(starts, np.concatenate(parts))


@dataclass(frozen=True, slots=True)
class Row:
    """One record as it goes into the columns; facet codes include the broader ones."""

    id: str
    stamp: str
    title: str
    year: int | None
    moment: int
    facets: Mapping[str, Sequence[str]]
    sections: Sequence[str]
    vectors: Sequence[int]
    payload: tuple[int, int] = (0, 0)
    evidence: float = 0.0


@dataclass(frozen=True)
class Columns:
    """Every record, by number. `ids` has None where there is no record.

    Among the facets stand the names that are listed of each record, which filter nothing.
    """

    ids: list[str | None]
    stamps: list[str]
    titles: list[str]
    years: Ints
    moments: Ints
    codes: dict[str, list[str]]
    facets: dict[str, Ragged]
    section_names: list[str]
    sections: Ragged
    vectors: Ragged
    payloads: Ints
    evidence: NDArray[np.float32]

    @classmethod
    def empty(cls, facets: Iterable[str]) -> "Columns":
        """No records, these facets."""
        names = list(facets)
        return cls(
            ids=[],
            stamps=[],
            titles=[],
            years=np.empty(0, np.int64),
            moments=np.empty(0, np.int64),
            codes={name: [] for name in names},
            facets={name: Ragged.empty() for name in names},
            section_names=[],
            sections=Ragged.empty(),
            vectors=Ragged.empty(),
            payloads=np.empty((0, 2), np.int64),
            evidence=np.empty(0, np.float32),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def alive(self) -> Mask:
        """Which numbers hold a record."""
        return np.fromiter((record is not None for record in self.ids), np.bool_, len(self.ids))

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The number of each record."""
        return {record: number for number, record in enumerate(self.ids) if record is not None}

    @cached_property
    def title_order(self) -> Ints:
        """For each number, where its title stands in the alphabet."""
        order = sorted(range(len(self)), key=lambda number: self.titles[number].casefold())
        ranks = np.empty(len(self), np.int64)
        ranks[order] = np.arange(len(self))
        return ranks

    @cached_property
    def shown(self) -> dict[str, Any]:
        """What `index.counts` made of each facet's codes, to show them by."""
        return {}

    def held(self) -> dict[str, str]:
        """Id and stamp of every record here."""
        return {record: self.stamps[number] for record, number in self.numbers.items()}

    def with_facet(self, name: str, codes: Iterable[str]) -> Mask:
        """Which records have any of these codes."""
        column = self.facets[name]
        found = np.zeros(len(self), np.bool_)
        places = {code: place for place, code in enumerate(self.codes[name])}
        wanted = [places[code] for code in codes if code in places]
        if wanted:
            found[column.owners[np.isin(column.values, wanted)]] = True
        return found

    def counts(self, name: str, among: Mask) -> Ints:
        """How many of these records have each code of a facet, in the order of its codes."""
        counted = self.facets[name].among(among)
        return np.bincount(counted, minlength=len(self.codes[name])).astype(np.int64)

    def every_count(self, among: Mask) -> tuple[Ints, Mapping[str, slice]]:
        """`counts` of every facet in one, and where each stands in it; much quicker than each.

        Not of names that are listed.
        """
        together, spans = self._together
        size = max((span.stop for span in spans.values()), default=0)
        return np.bincount(together.among(among), minlength=size), spans

    @cached_property
    def _together(self) -> tuple[Ragged, dict[str, slice]]:
        """The facets as one, each's codes numbered on from the last's, and where each's stand."""
        names = [name for name in self.facets if name not in LISTED]
        firsts = [0, *accumulate(len(self.codes[name]) for name in names)]
        spans = {name: slice(*firsts[n : n + 2]) for n, name in enumerate(names)}
        shifted = [self.facets[name].values + firsts[n] for n, name in enumerate(names)]
        values = np.concatenate([np.empty(0, np.int64), *shifted])
        owners = np.concatenate([np.empty(0, np.int64), *(self.facets[n].owners for n in names)])
        starts = np.zeros(len(self) + 1, np.int64)
        np.cumsum(np.bincount(owners, minlength=len(self)), out=starts[1:])
        return Ragged(starts, values[np.argsort(owners, kind="stable")]), spans

    def changed(self, put: Mapping[int, Row], dropped: Iterable[int]) -> "Columns":
        """A copy with these records put at their numbers and those dropped."""
        gone = set(dropped) - set(put)
        size = max([len(self), *(number + 1 for number in put)])
        grown = size - len(self)
        ids = [*self.ids, *([None] * grown)]
        stamps, titles = [*self.stamps, *([""] * grown)], [*self.titles, *([""] * grown)]
        years = np.concatenate([self.years, np.full(grown, NO_YEAR, np.int64)])
        moments = np.concatenate([self.moments, np.zeros(grown, np.int64)])
        payloads = np.concatenate([self.payloads, np.zeros((grown, 2), np.int64)])
        evidence = np.concatenate([self.evidence, np.zeros(grown, np.float32)])
        for number in gone:
            ids[number], stamps[number], titles[number] = None, "", ""
            years[number], moments[number], payloads[number] = NO_YEAR, 0, 0
        for number, row in put.items():
            ids[number], stamps[number], titles[number] = row.id, row.stamp, row.title
            years[number] = NO_YEAR if row.year is None else row.year
            moments[number], payloads[number] = row.moment, row.payload
            evidence[number] = row.evidence
        nothing: dict[int, list[int]] = {number: [] for number in gone}
        codes, facets = {}, {}
        for name, column in self.facets.items():
            known = _Places(self.codes[name])
            rows = nothing | {n: known.of(row.facets.get(name, ())) for n, row in put.items()}
            facets[name] = column.replaced(rows, size)
            codes[name] = list(known.places)
        names = _Places(self.section_names)
        sections = nothing | {n: names.of(row.sections) for n, row in put.items()}
        vectors = nothing | {n: list(row.vectors) for n, row in put.items()}
        return Columns(
            ids=ids,
            stamps=stamps,
            titles=titles,
            years=years,
            moments=moments,
            codes=codes,
            facets=facets,
            section_names=list(names.places),
            sections=self.sections.replaced(sections, size),
            vectors=self.vectors.replaced(vectors, size),
            payloads=payloads,
            evidence=evidence,
        )

    def save(self, folder: Path) -> None:
        """Write to `folder`: arrays in one file, names in another."""
        arrays: dict[str, NDArray[Any]] = {
            "years": self.years,
            "moments": self.moments,
            "sections_starts": self.sections.starts,
            "sections": self.sections.values,
            "vectors_starts": self.vectors.starts,
            "vectors": self.vectors.values,
            "payloads": self.payloads,
            "evidence": self.evidence,
        }
        for name, column in self.facets.items():
            arrays[f"facet_{name}_starts"] = column.starts
            arrays[f"facet_{name}"] = column.values
        with (folder / "columns.npz").open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)
        names = {
            "ids": self.ids,
            "stamps": self.stamps,
            "titles": self.titles,
            "codes": self.codes,
            "section_names": self.section_names,
        }
        (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Columns":
        """Read what `save` wrote. Raises IndexDamaged."""
        try:
            names = json.loads((folder / "names.json").read_text("utf-8"))
            with np.load(folder / "columns.npz") as stored:
                arrays = {name: stored[name] for name in stored.files}
            return cls(
                ids=names["ids"],
                stamps=names["stamps"],
                titles=names["titles"],
                years=arrays["years"],
                moments=arrays["moments"],
                codes=names["codes"],
                facets={
                    name: Ragged(arrays[f"facet_{name}_starts"], arrays[f"facet_{name}"])
                    for name in names["codes"]
                },
                section_names=names["section_names"],
                sections=Ragged(arrays["sections_starts"], arrays["sections"]),
                vectors=Ragged(arrays["vectors_starts"], arrays["vectors"]),
                payloads=arrays["payloads"],
                evidence=arrays["evidence"],
            )
        except (OSError, ValueError, KeyError) as error:
            raise IndexDamaged(
                f"{folder} cannot be read ({error}); run `kb index rebuild`."
            ) from error


class _Places:
    """Positions of values in a list that grows by those it lacks."""

    def __init__(self, known: Iterable[str]) -> None:
        self.places = {value: place for place, value in enumerate(known)}

    def of(self, values: Iterable[str]) -> list[int]:
        """The position of each value."""
        return [self.places.setdefault(value, len(self.places)) for value in values]
