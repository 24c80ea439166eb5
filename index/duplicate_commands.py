"""The command that finds duplicates, and the job that keeps the desk's list of them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.command_line import as_json, file_there

if TYPE_CHECKING:
    from kb.duplicates.service import FoundPair


@click.command()
@click.option(
    "--records",
    type=file_there,
    help="JSON lines to compare instead of the store: id, any fields, perhaps a set.",
)
@as_json
def duplicates(records: Path | None, *, json_out: bool) -> None:
    """Find records that tell of the same thing, each pair with a score and the reason.

    With --records any table will do: rows need an id; when rows name a set, only rows of different
    sets are paired. Without it the store is looked through, and the desk shows what was found.
    """
    found = _pairs_of_file(records) if records else _pairs_of_store()
    if json_out:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for pair in found:
        click.echo(f"{pair['score']:.3f}  {pair['a']}  {pair['b']}  {pair['reason']}")
    click.echo(f"{len(found)} pairs.", err=True)


def _pairs_of_file(path: Path) -> list[dict[str, Any]]:
    from index.embed import default_embedder
    from index.matching import find, read_lines, read_table

    table = read_table(read_lines(path))
    found = find(table, default_embedder())
    sets = table.set_names
    return [
        {
            "a": table.ids[pair.left],
            "b": table.ids[pair.right],
            **({} if table.sets is None else {"set_a": sets[pair.left], "set_b": sets[pair.right]}),
            "score": round(pair.score, 4),
            "reason": pair.reason,
        }
        for pair in found
    ]


def _pairs_of_store() -> list[dict[str, Any]]:
    return [
        {
            "a": pair.one_id,
            "b": pair.other_id,
            "score": pair.sameness.score,
            "level": pair.sameness.level,
            "reason": pair.sameness.reason,
        }
        for pair in _look_for_duplicates()
    ]


def _look_for_duplicates() -> "list[FoundPair]":
    """Look through the store and keep the pairs for the desk."""
    from index.duplicates import duplicates_in_store
    from kb.database import session_scope
    from kb.duplicates import service as pairs

    with session_scope() as session:
        found = duplicates_in_store(session)
    with session_scope(write=True) as session:
        pairs.keep_found(session, found)
    return found


def look_again(payload: dict[str, Any]) -> None:
    """The job that brings the desk's list of pairs up to date."""
    _look_for_duplicates()
