"""Migrations of the store: `upgrade` brings it to the newest version.

Alembic is imported where it is needed: it takes a quarter of the time that `kb --help` takes.
"""

import logging
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from kb.database import engine
from kb.errors import StoreUnavailable
from kb.settings import PROJECT

if TYPE_CHECKING:
    from alembic.config import Config


def _config(bound: Engine) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(PROJECT / "kb" / "migrations"))
    config.attributes["engine"] = bound
    return config


def upgrade(bound: Engine | None = None, revision: str = "head") -> None:
    """Bring the store up to a revision, by default the newest; nothing happens when it is there."""
    from alembic import command

    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.upgrade(_config(bound or engine()), revision)


def downgrade(bound: Engine, revision: str) -> None:
    """Take the store back to a revision; `base` empties it."""
    from alembic import command

    command.downgrade(_config(bound), revision)


def current(bound: Engine | None = None) -> str | None:
    """The revision the store is at; None when it is not set up."""
    from alembic.runtime.migration import MigrationContext

    with (bound or engine()).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision the code expects."""
    from alembic.script import ScriptDirectory

    head = ScriptDirectory(str(PROJECT / "kb" / "migrations")).get_current_head()
    assert head is not None
    return head


def require() -> None:
    """Raises StoreUnavailable, saying what to run, unless the store is at what the code expects."""
    at, wanted = current(), newest()
    if at is None:
        raise StoreUnavailable("The store is not set up yet: run `kb init`.")
    if at != wanted:
        raise StoreUnavailable(
            f"The store is at version {at}, this program needs {wanted}: run `kb migrate` "
            "(keep a copy first: `kb backup FILE`), or start the newer program if there is one."
        )
