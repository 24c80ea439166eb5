"""Records of the store that look like one: of a draft, and of all records.

Partners are looked for by key (address, DOI, title and agency), by words and by meaning; what two
records say then decides, by the rule that crawls and imports follow too (`kb.records.sameness`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sqlmodel import Session, col, select

from index.embed import Progress, Vectors
from index.engine import Engine, default_engine
from index.matching.candidates import NEAREST, by_meaning, by_terms, unique_pairs
from index.matching.table import Numbers, words_of
from index.matching.terms import trigrams, weighted
from index.query import Query
from index.search import found_ids
from kb.duplicates import service as decisions
from kb.duplicates.service import FoundPair, ordered
from kb.errors import KbError
from kb.records import PracticeIn, service
from kb.records.identity import identity_keys, name_key
from kb.records.models import Record, RecordKey
from kb.records.sameness import compare

_BY_MEANING = 15
_BY_TITLE = 25
_QUERY_WORDS = 60


@dataclass(frozen=True, slots=True)
class Likely:
    """A record that a draft may be a double of; `reasons` say why, `state` where it stands."""

    id: str
    title: str
    state: str
    level: str
    score: float
    reasons: tuple[str, ...]


def duplicates_of(
    session: Session,
    content: PracticeIn,
    *,
    record_id: str = "",
    see_hidden: bool = False,
    limit: int = 5,
    engine: Engine | None = None,
) -> list[Likely]:
    """The records that `content` may be a double of, surest first.

    `record_id` is the record's own id, when it has one: pairs judged different are left out then.
    Only records that everybody may see are named, unless `see_hidden` (librarians).
    """
    names = {
        *_by_key(session, content),
        *_by_title(session, content),
        *_by_search(content, engine or default_engine()),
    } - {record_id}
    apart = decisions.different(session) if record_id else set()
    found = []
    for practice in service.load(session, sorted(names)):
        if practice.state in decisions.GONE or not (practice.visible or see_hidden):
            continue
        if record_id and ordered(record_id, practice.id) in apart:
            continue
        sameness = compare(content, practice.content)
        if sameness is not None:
            found.append(
                Likely(
                    practice.id,
                    practice.content.title,
                    practice.state,
                    sameness.level,
                    sameness.score,
                    sameness.reasons,
                )
            )
    return sorted(found, key=lambda one: (-one.score, one.id))[:limit]


def _by_key(session: Session, content: PracticeIn) -> Iterator[str]:
    for key in identity_keys(content):
        row = session.get(RecordKey, key)
        if row is not None:
            yield row.record_id


def _by_title(session: Session, content: PracticeIn) -> list[str]:
    """Records whose titles share most words with this one, whatever their state."""
    wanted = set(name_key(content.title).split())
    scored = []
    for record_id, title in session.exec(select(Record.id, Record.title)):
        words = set(name_key(title).split())
        shared = len(words & wanted)
        if shared:
            scored.append((shared / max(1, min(len(words), len(wanted))), record_id))
    scored.sort(reverse=True)
    return [record_id for share, record_id in scored[:_BY_TITLE] if share >= 0.5]


def _by_search(content: PracticeIn, engine: Engine) -> list[str]:
    told = f"{content.title} {content.summary or content.problem_statement}"
    plain = " ".join(words_of(told)[:_QUERY_WORDS])
    try:
        return found_ids(Query(text=plain, mode="semantic", expand=False), _BY_MEANING, engine)
    except KbError:  # without an index, keys and titles still find what is told twice
        return []


def duplicates_in_store(
    session: Session, engine: Engine | None = None, progress: Progress | None = None
) -> list[FoundPair]:
    """Every pair of records that may be one, surest first; pairs judged different are left out."""
    apart = decisions.different(session)
    ids, contents = _all(session)
    if len(ids) < 2:
        return []
    left, right = _candidates(session, ids, contents, engine or default_engine())
    found = []
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        key = ordered(ids[one], ids[other])
        sameness = None if key in apart else compare(contents[one], contents[other])
        if sameness is not None:
            found.append(FoundPair(*key, sameness))
        if progress is not None:
            progress(1)
    return sorted(found, key=lambda pair: (-pair.sameness.score, pair.one_id, pair.other_id))


def _all(session: Session) -> tuple[list[str], list[PracticeIn]]:
    rows = session.exec(
        select(Record.id, Record.content)
        .where(col(Record.state).not_in(decisions.GONE))
        .order_by(Record.id)
    ).all()
    return [row[0] for row in rows], [PracticeIn.from_snapshot(dict(row[1])) for row in rows]


def _candidates(
    session: Session, ids: list[str], contents: list[PracticeIn], engine: Engine
) -> tuple[Numbers, Numbers]:
    titles = [" ".join([one.title, *one.other_names]) for one in contents]
    told = [
        f"{title} {_place(one)} {one.summary}" for title, one in zip(titles, contents, strict=True)
    ]
    ways = [
        by_terms(weighted([trigrams(title) for title in titles]), None, NEAREST),
        by_terms(weighted([words_of(text) for text in told]), None, NEAREST),
        _sharing_keys(contents),
    ]
    vectors = _vectors(ids, engine)
    if vectors is not None:
        ways.append(by_meaning(vectors, None, NEAREST))
    left = np.concatenate([way[0] for way in ways])
    right = np.concatenate([way[1] for way in ways])
    return unique_pairs(left, right, len(ids))


def _place(content: PracticeIn) -> str:
    agencies = " ".join(partner.organisation for partner in content.partners[:2])
    return f"{content.place.name if content.place else ''} {agencies} {content.started[:4]}"


def _sharing_keys(contents: list[PracticeIn]) -> tuple[Numbers, Numbers]:
    first: dict[tuple[str, str], int] = {}
    pairs = [
        (first[key], row)
        for row, content in enumerate(contents)
        for key in identity_keys(content)
        if first.setdefault(key, row) != row
    ]
    made = np.array(pairs, np.int64).reshape(-1, 2)
    return made[:, 0], made[:, 1]


def _vectors(ids: list[str], engine: Engine) -> Vectors | None:
    """The middle of each record's passages in the index; nothing for one that is not in it."""
    try:
        generation = engine.generation()
        vectors = generation.vectors(engine.embedder())
    except KbError:
        return None
    columns = generation.columns
    made = np.zeros((len(ids), vectors.dimension), np.float32)
    for row, record_id in enumerate(ids):
        number = columns.numbers.get(record_id)
        if number is not None and len(places := columns.vectors.row(number)):
            made[row] = vectors.middle(places)
    return made
