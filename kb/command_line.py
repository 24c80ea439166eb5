"""What commands share: files to read and to write, `--json`, and letting queued work catch up."""

from pathlib import Path

import click

file_there = click.Path(exists=True, dir_okay=False, path_type=Path)
new_file = click.Path(dir_okay=False, path_type=Path)
as_json = click.option("--json", "json_out", is_flag=True, help="Print data as JSON.")


def in_a_folder(
    _context: click.Context, _option: click.Parameter, path: Path | None
) -> Path | None:
    """The path of a file to write, as an option's callback: refused where its folder is not."""
    if path is not None and not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.absolute().parent}")
    return path


def settle() -> None:
    """Let queued work catch up, and say so when it could not: nothing of it is lost."""
    from kb import jobs  # here, so that help comes at once

    for problem in jobs.settle():
        click.echo(f"Saved, but not all is up to date yet: {problem}", err=True)
