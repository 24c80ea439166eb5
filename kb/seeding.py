"""Loading the starter collection: sources, award schemes and records, from files under seeds/."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import Session

from kb import jobs
from kb.awards.models import AwardScheme
from kb.database import session_scope
from kb.directory.models import Source
from kb.errors import FileUnreadable
from kb.records import service
from kb.records.errors import RecordInvalid
from kb.settings import settings
from kb.vocabularies.service import SAFE_LOADER


@dataclass
class SeedReport:
    """What a seeding did: records by outcome, and what could not be loaded, by file."""

    sources: int = 0
    schemes: int = 0
    created: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0
    problems: list[str] = field(default_factory=list)


def read_yaml(path: Path) -> Any:
    """One YAML file. Raises FileUnreadable saying where it is wrong."""
    try:
        return yaml.load(path.read_text("utf-8"), Loader=SAFE_LOADER)  # noqa: S506  it is safe
    except OSError as error:
        raise FileUnreadable(f"Cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise FileUnreadable(f"{path} is not YAML in UTF-8: {error}") from error


def seed_directory(session: Session, report: SeedReport) -> None:
    """Bring sources and award schemes in line with their files; none is ever removed.

    A scheme that people changed here is left as it is.
    """
    for path, data in _entries("sources"):
        found = session.get(Source, data["id"]) or Source(
            id=data["id"], title="", state="", licence="", entry={}
        )
        found.title, found.state = data["title"], data["state"]
        found.licence, found.trusted = data["licence"], bool(data.get("trusted"))
        found.entry = data
        session.add(found)
        report.sources += 1
        if data["id"] != path.stem:
            report.problems.append(f"{path.name}: id and file name must agree")
    for _, data in _entries("awards"):
        scheme = session.get(AwardScheme, data["id"]) or AwardScheme(
            id=data["id"], title="", entry={}
        )
        if not scheme.entry.get("edited_here"):
            scheme.title, scheme.entry = data["title"], data
            session.add(scheme)
        report.schemes += 1


def _entries(folder: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted((settings().seeds_dir / folder).glob("*.yaml")):
        data = read_yaml(path)
        # Dates in YAML become date objects; the entry is kept as JSON.
        yield path, _as_json(data)


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _as_json(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def seed_records(report: SeedReport) -> None:
    """Load every record file. A record that people have edited since is left as it is."""
    for path in sorted((settings().seeds_dir / "records").glob("*.yaml")):
        try:
            data = read_yaml(path)
            content = service.parse(data)
            with session_scope(write=True) as session:
                edited = service.edited_by_people(session, content.id)
                if edited:
                    report.kept += 1
                    continue
                saved = service.save(
                    session, content, door="file", actor=service.SEEDER, state="published"
                )
                if saved.outcome == "created":
                    report.created += 1
                elif saved.outcome == "changed":
                    report.changed += 1
                else:
                    report.same += 1
        except (FileUnreadable, RecordInvalid) as error:
            report.problems.append(f"{path.name}: {error}")


def seed() -> SeedReport:
    """Load everything under the seeds folder and ask for the index to catch up."""
    report = SeedReport()
    with session_scope(write=True) as session:
        seed_directory(session, report)
    seed_records(report)
    with session_scope(write=True) as session:
        jobs.index_soon(session)
    return report
