"""Commands about documents: what one says, and how well texts are understood."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kb.command_line import as_json
from kb.file_kinds import taken

if TYPE_CHECKING:
    from crawlers.extract import Extracted


@click.command(
    "extract",
    help=f"""Print what a document says: text, date, SARA sections, terms that fit, contacts; costs,
    dates, places, organisations, roles and people that it names, who paid and who evaluated, each
    with how sure that is and its passage.

    Reads {taken(to_read=True)}, from a file or (with KB_CRAWLER_CONTACT set) from the web.
    """,
)
@click.argument("what", metavar="PATH|URL")
@as_json
def extract_command(what: str, json_out: bool) -> None:
    """Print what a document says."""
    from crawlers.errors import ExtractionFailed
    from crawlers.uploads import reason_of

    try:
        found = _read(what)
    except ExtractionFailed as error:
        raise click.ClickException(f"{what}: {reason_of(error)}") from error
    if json_out:
        click.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    else:
        click.echo(found.as_text())


def _read(what: str) -> "Extracted":
    from crawlers.extract import extract_file, extract_page

    if not what.lower().startswith(("http://", "https://")):
        return extract_file(Path(what))
    from crawlers.fetch import Fetcher
    from crawlers.kept_pages import PageStore

    with Fetcher(PageStore()) as fetcher:
        return extract_page(fetcher.page(what))


@click.command("evaluate-structure")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="KB_DATA",
    help="Folder of real data with the public listing's first pages (KB_DATA).",
)
@as_json
def evaluate_structure(data: Path | None, json_out: bool) -> None:
    """Measure how well texts are split into SARA sections and given terms, and how well costs,
    dates, places, organisations and roles are found.

    On the texts under seeds/judged/structure, labelled by hand; without the folder of real data
    only on those of our own making.
    """
    from crawlers.judged import as_text, report

    figures = report(data)
    click.echo(json.dumps(figures, indent=2) if json_out else as_text(figures))
