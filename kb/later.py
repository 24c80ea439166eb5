"""What is known by name and imported only when used: most commands need little of the program.

A place is written `package.module:name`; tests see that each is there and fits what is said of it.
"""

from pkgutil import resolve_name
from typing import Any

import click


class Later:
    """A function that stands elsewhere, such as a job or a check; called as the function itself."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.__name__ = where.rpartition(":")[2]

    def __call__(self, *given: Any, **named: Any) -> Any:  # noqa: D102  what it does, `where` says
        return resolve_name(self.where)(*given, **named)


class LaterCommand(click.Command):
    """A command that stands elsewhere; `help` is the beginning of its own."""

    def __init__(self, name: str, where: str, help: str) -> None:
        super().__init__(name, help=help)
        self.where = where

    def make_context(self, *given: Any, **named: Any) -> click.Context:
        """The command's own, so that all that follows is the command's own too."""
        return whole(self).make_context(*given, **named)


def whole(command: click.Command) -> click.Command:
    """A command with its options and what it does, imported now if it stands elsewhere."""
    found: click.Command = (
        resolve_name(command.where) if isinstance(command, LaterCommand) else command
    )
    return found
