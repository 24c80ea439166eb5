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
        description="Public address of the site, for links in exports, mails, feeds; empty means "
        "KB_HOST and KB_PORT.",
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
    smtp_host: str = Field(
        "", description="Mail server; empty means that mail is written to `mail` in KB_HOME."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    smtp_user: str = Field("", description="User name at the mail server; empty means none.")
    smtp_password: str = Field("", repr=False, description="Password at the mail server.")
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the connection to the mail server is encrypted."
    )
    mail_from: str = Field("no-reply@localhost", description="Address that mail comes from.")
    searches_per_minute: int = Field(
        120,
        ge=0,
        le=100_000,
        description="Most searches in a minute from one address, or of one account; 0 for no "
        "limit.",
    )
    oidc_issuer: str = Field(
        "",
        description="Address of the service (OpenID Connect issuer) that people may sign in "
        "through; empty means none.",
    )
    oidc_client_id: str = Field(
        "",
        description="What this site is called at that service; register there the address "
        "`/account/outside/back` of this site to come back to.",
    )
    oidc_client_secret: str = Field(
        "", repr=False, description="This site's password at that service; empty for none."
    )
    oidc_name: str = Field(
        "your organisation",
        description="What the button says after “Sign in with”.",
    )
    crawler_delay: float = Field(
        1.0, ge=0, le=3600, description="Least seconds between two requests to one site."
    )
    crawler_longest_wait: float = Field(
        300.0,
        ge=0,
        le=86400,
        description="Most seconds that a crawl waits when a site asks it to; beyond that the page "
        "is left for another run.",
    )
    crawler_seconds: float = Field(
        60.0, gt=0, le=3600, description="Most seconds for one request, headers and body together."
    )
    crawler_megabytes: float = Field(
        50.0, gt=0, le=1000, description="Most megabytes of one page or document, unpacked."
    )
    crawler_redirects: int = Field(
        5, ge=0, le=20, description="Most redirects followed for one page."
    )
    crawler_allow: str = Field(
        "",
        description="For local tests: host:port pairs, with commas between, that may be fetched "
        "although they are private or use an odd port.",
    )
    upload_megabytes: float = Field(
        25.0, gt=0, le=1000, description="Most megabytes of one file that people hand in."
    )
    extract_seconds: float = Field(
        30.0, gt=0, le=3600, description="Most seconds for reading the text of one document."
    )
    extract_megabytes: int = Field(
        1000, ge=200, le=16000, description="Most megabytes of memory for reading one document."
    )
    review_days: int = Field(
        14, ge=1, le=365, description="Days within which what was sent in should be reviewed."
    )

    @property
    def index_dir(self) -> Path:
        """Folder of the search index: derived data, safe to delete."""
        return self.home / "index"

    @property
    def site_address(self) -> str:
        """Address of the site for links in files and mails, without a slash at its end."""
        return self.base_url.rstrip("/") or f"http://{self.host}:{self.port}"

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
