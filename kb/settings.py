"""Every setting, in one frozen class: environment variables with the prefix KB_."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from kb.errors import SettingsInvalid

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What can be set from outside. Each field's description is its help in the README."""

    model_config = SettingsConfigDict(env_prefix="KB_", frozen=True, extra="ignore")

    home: Path = Field(Path("var"), description="Folder that holds all state.")
    database_url: str = Field(
        "",
        description="Database address; empty means SQLite in KB_HOME. PostgreSQL: "
        "`postgresql+psycopg://user:password@host/name`.",
    )
    seeds_dir: Path = Field(
        PROJECT / "seeds", description="Folder of vocabularies, thesaurus, sources and records."
    )
    host: str = Field("127.0.0.1", description="Address that `kb serve` listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that `kb serve` listens on.")
    base_url: str = Field(
        "",
        description="Public address of the site, used in feeds and exports; empty means the "
        "address of the request.",
    )
    site_name: str = Field("Safer Practice", description="Name shown in the header and titles.")
    worker: bool = Field(True, description="Whether `kb serve` starts `kb worker` beside itself.")
    queue_url: str = Field(
        "",
        description="Where the job queue is kept; empty means SQLite in KB_HOME. "
        "Redis: `redis://host:6379/0`.",
    )
    embedding_model: str = Field(
        "all-MiniLM-L6-v2",
        description="Name or folder of the sentence-transformers model for search by meaning.",
    )
    embedding_runtime: Literal["auto", "onnx", "torch"] = Field(
        "auto", description="What runs the model; auto means onnx where it can be made."
    )
    embedding_threads: int = Field(
        1, ge=1, le=64, description="Threads for one embedding; more than free cores slows it."
    )
    crawler_contact: str = Field(
        "",
        description="Contact (address or e-mail) put in the crawler's user agent; "
        "a live crawl refuses to start without it.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "WARNING", description="How much is logged to standard error."
    )

    @property
    def index_dir(self) -> Path:
        """Folder of the search index: derived data, safe to delete."""
        return self.home / "index"

    @property
    def store_url(self) -> str:
        """SQLAlchemy address of the store."""
        return self.database_url or f"sqlite:///{(self.home / 'kb.sqlite').resolve()}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once from the environment.

    Raises SettingsInvalid naming each variable that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as error:
        lines = [
            f"KB_{'_'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
            for item in error.errors()
        ]
        raise SettingsInvalid("Cannot use these settings: " + "; ".join(lines)) from None


def settings_table() -> str:
    """Every setting with its default and help, as the Markdown table that the README shows."""
    lines = ["| Setting | Default | What it does |", "|---|---|---|"]
    for name, info in Settings.model_fields.items():
        default = info.default
        if isinstance(default, Path) and default.is_absolute():
            default = default.relative_to(PROJECT)
        shown = (
            "(empty)"
            if default == ""
            else f"`{str(default).lower() if default in (True, False) else default}`"
        )
        lines.append(f"| `KB_{name.upper()}` | {shown} | {info.description} |")
    return "\n".join(lines)
