"""The `kb` command: gathers what each folder offers. Exit 0 done, 1 failed, 2 wrongly called."""

import gc
import logging
import sys

import click

from kb.errors import KbError
from kb.folders import folders

SELDOM = (50_000, 20, 50)
USUAL = gc.get_threshold()
"""How often rubbish is collected, as `gc.set_threshold` takes it: by commands, and else."""


class _Commands(click.Group):
    """Commands of all folders, their known errors shown as one line instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._all())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._all().get(cmd_name)

    def _all(self) -> dict[str, click.Command]:
        return {str(command.name): command for folder in folders() for command in folder.commands}

    def invoke(self, ctx: click.Context) -> object:
        from kb.settings import settings  # here, so that help comes at once

        try:
            logging.basicConfig(
                level=settings().log_level, format="%(levelname)s %(name)s: %(message)s"
            )
            return super().invoke(ctx)
        except KbError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            where = f": {error.filename}" if error.filename else ""
            raise click.ClickException(f"{error.strerror or error}{where}") from error


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="safer-practice", prog_name="kb")
def cli() -> None:
    """Good-practice knowledge base for community safety."""


def main() -> None:
    """Entry point of the `kb` command."""
    # What a command imports and makes mostly stays until it ends: to look for rubbish among it as
    # often as usual takes a tenth of its time.
    gc.set_threshold(*SELDOM)
    try:
        cli(prog_name="kb")
    except BrokenPipeError:
        # The reader of a pipe (`kb search … | head`) went away; that is its right.
        sys.stderr.close()
        sys.exit(0)
