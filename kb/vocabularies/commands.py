"""Commands about vocabularies: list them, take them out as SKOS, propose terms from elsewhere."""

import json
import sys
from pathlib import Path

import click

from kb import jobs
from kb.command_line import as_json, file_there
from kb.database import session_scope
from kb.vocabularies import vocabularies, vocabulary

_ACTOR = "command line"


@click.group("vocabularies")
def group() -> None:
    """The lists of terms that records are described by."""


@group.command("list")
@as_json
def list_all(json_out: bool) -> None:
    """List every vocabulary with its number of terms."""
    rows = [
        {"id": held.id, "title": held.title, "terms": len(held.terms)}
        for held in vocabularies().values()
    ]
    if json_out:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['id']:26} {row['terms']:5}  {row['title']}")


@group.command("export")
@click.argument("vocabulary_id")
@click.option(
    "--format",
    "name",
    type=click.Choice(["turtle", "json-ld"]),
    default="turtle",
    show_default=True,
    help="How SKOS is written.",
)
def export(vocabulary_id: str, name: str) -> None:
    """Write a vocabulary as SKOS to standard output."""
    from kb.vocabularies import skos

    sys.stdout.buffer.write(skos.write(vocabulary(vocabulary_id), name))


@group.command("import")
@click.argument("file", type=file_there)
@click.option("--into", "vocabulary_id", required=True, help="The vocabulary they are for.")
@click.option("--accept", is_flag=True, help="Accept them at once instead of proposing them.")
def bring_in(file: Path, vocabulary_id: str, accept: bool) -> None:
    """Propose the terms of a SKOS file (Turtle or JSON-LD) that are new or differ."""
    from kb.vocabularies import decided, desk, skos

    terms = skos.read(file.read_bytes(), skos.format_of(file.name))
    with session_scope(write=True) as session:
        made = desk.bring_in(session, vocabulary_id, terms, actor=_ACTOR)
        if accept:
            desk.accept_imported(session, vocabulary_id, actor=_ACTOR)
            decided.queue_index(session)
    if accept:
        decided.publish()
        jobs.settle()
    done = "accepted" if accept else "proposed; decide at /desk/vocabularies"
    click.echo(f"{len(made)} of {len(terms)} terms are new or differ: {done}.")
