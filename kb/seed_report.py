"""What `kb seed --report` and `kb seed --unread` print."""

from collections.abc import Iterator

from kb.full_studies import HOW_TO_FILL, Unread, nearest
from kb.records import PracticeIn
from kb.seed_targets import Spread, second_checks


def spread_lines(rows: list[Spread], records: list[PracticeIn]) -> Iterator[str]:
    """The table of targets, how often a second person found a fact wrong, and what is short."""
    wide = max(len(row.what) for row in rows)
    yield f"{'target':{wide}}  wanted   now  met"
    for row in rows:
        yield f"{row.what:{wide}}  {row.wanted:6}  {row.now:4}  {'yes' if row.met else 'NO'}"
    yield f"{sum(row.met for row in rows)} of {len(rows)} targets met."
    checked, wrong = second_checks(records)
    yield f"{checked} facts looked up again by a second person; {wrong} were wrong, and mended."
    near = nearest(records)
    if near:
        ready = sum(not one.lacks for one in near)
        yield ""
        yield (
            f"{len(near)} cases are no full SARA study yet; {ready} of them tell every stage and "
            "lack only the reading."
        )
        yield "`kb seed --unread` lists them, nearest first, with the address of the study."
        yield HOW_TO_FILL


def unread_lines(near: list[Unread]) -> Iterator[str]:
    """Each case whose study is still to be read in full: what it lacks and where the study is."""
    for one in near:
        lacks = f"; lacks {', '.join(one.lacks)}" if one.lacks else ""
        yield f"{one.id} (read: {one.read}{lacks})"
        yield f"    {one.address}"
    yield f"{len(near)} cases."
    if near:
        yield HOW_TO_FILL
