"""Migrations of the store: `upgrade` brings it to the newest version."""

import logging

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from kb.database import engine
from kb.settings import PROJECT


def _config(bound: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "kb" / "migrations"))
    config.attributes["engine"] = bound
    return config


def upgrade(bound: Engine | None = None, revision: str = "head") -> None:
    """Bring the store up to a revision, by default the newest; nothing happens when it is there."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    command.upgrade(_config(bound or engine()), revision)


def downgrade(bound: Engine, revision: str) -> None:
    """Take the store back to a revision; `base` empties it."""
    command.downgrade(_config(bound), revision)


def current(bound: Engine | None = None) -> str | None:
    """The revision the store is at; None when it is not set up."""
    with (bound or engine()).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str:
    """The revision the code expects."""
    head = ScriptDirectory(str(PROJECT / "kb" / "migrations")).get_current_head()
    assert head is not None
    return head
