"""What each folder offers: found through the entry-point group `kb.commands`.

The lowest layer so runs the commands, jobs and checks of the layers above without importing them
by name.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any

import click


@dataclass(frozen=True)
class Check:
    """One finding of `kb doctor`: what was looked at, whether it is well, and what to do if not."""

    name: str
    ok: bool
    finding: str
    remedy: str = ""


@dataclass(frozen=True)
class Folder:
    """The offer of one folder's `commands.py`.

    `jobs` are short; `long_jobs`, such as crawls, run beside them and hold nothing up. `schedules`
    are asked every few minutes to queue what has become due. `readied` are called once in a worker
    that has settled, so that nobody waits for what the first job of its kind loads. `services` are
    functions that lower layers may ask for by name, such as `find` (text to ids). `personal_data`
    names the modules that, once imported, take part in handing out and erasing what is kept of a
    person.
    """

    name: str
    commands: list[click.Command]
    jobs: dict[str, Callable[[dict[str, Any]], None]] = field(default_factory=dict)
    long_jobs: dict[str, Callable[[dict[str, Any]], None]] = field(default_factory=dict)
    schedules: list[Callable[[], None]] = field(default_factory=list)
    readied: list[Callable[[], None]] = field(default_factory=list)
    checks: list[Callable[[], Check]] = field(default_factory=list)
    services: dict[str, Callable[..., Any]] = field(default_factory=dict)
    personal_data: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def folders() -> tuple[Folder, ...]:
    """Every installed folder; each module has COMMANDS, and may have what else a Folder holds."""
    found = []
    for entry in sorted(entry_points(group="kb.commands"), key=lambda item: item.name):
        module = entry.load()
        found.append(
            Folder(
                name=entry.name,
                commands=list(module.COMMANDS),
                jobs=dict(getattr(module, "JOBS", {})),
                long_jobs=dict(getattr(module, "LONG_JOBS", {})),
                schedules=list(getattr(module, "SCHEDULES", [])),
                readied=list(getattr(module, "READIED", [])),
                checks=list(getattr(module, "CHECKS", [])),
                services=dict(getattr(module, "SERVICES", {})),
                personal_data=list(getattr(module, "PERSONAL_DATA", [])),
            )
        )
    return tuple(found)


def service(name: str) -> Callable[..., Any] | None:
    """What a folder offers to the layers below it by this name; None where none is installed."""
    return next((one.services[name] for one in folders() if name in one.services), None)
