"""What commands share: files to read and to write, `--json`, and letting queued work catch up."""

import sys
from pathlib import Path
from typing import Any

import click

from kb.whole_files import written_whole


class _FileThere(click.Path):
    """A file that is there; for a folder or a wrong name it says what to give."""

    def __init__(self) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path as click gives it."""
        if Path(value).is_dir():
            self.fail(f"{value} is a folder; name a file in it.", param, ctx)
        if not Path(value).exists():
            self.fail(f"there is no file {value}; look at its name and its folder.", param, ctx)
        return super().convert(value, param, ctx)


file_there = _FileThere()
new_file = click.Path(dir_okay=False, path_type=Path)
as_json = click.option("--json", "json_out", is_flag=True, help="Print data as JSON.")


def in_a_folder(
    _context: click.Context, _option: click.Parameter, path: Path | None
) -> Path | None:
    """The path of a file to write, as an option's callback: refused where its folder is not."""
    if path is not None and not path.absolute().parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.absolute().parent}")
    return path


def put_out(data: bytes, out: Path | None, told: str) -> None:
    """Write to standard output, or to a file, which is whole or not there; `told` says what."""
    if out is None:
        sys.stdout.buffer.write(data)
        return
    with written_whole(out) as temporary:
        temporary.write_bytes(data)
    click.echo(f"{told} written to {out}.", err=True)


def settle() -> None:
    """Let queued work catch up, and say so when it could not: nothing of it is lost."""
    from kb import jobs  # here, so that help comes at once

    for problem in jobs.settle():
        click.echo(f"Saved, but not all is up to date yet: {problem}", err=True)
