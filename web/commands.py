"""What this folder offers, all imported when used.

The alerts stand here because they run searches, which their own layer cannot.
"""

from collections.abc import Callable
from typing import Any

import click

from kb.later import Later, LaterCommand

COMMANDS: list[click.Command] = [
    LaterCommand(
        "serve",
        "web.serving:serve",
        "Serve the site, and run a worker beside it unless told not to.",
    ),
    LaterCommand(
        "alerts",
        "kb.alerts.commands:alerts",
        "Tell people what is new in their saved searches.",
    ),
]
JOBS: dict[str, Callable[..., Any]] = {
    "alerts.send": Later("kb.alerts.commands:run_job"),
    "trail.title": Later("web.outside_titles:fetch_title"),
}
SERVICES: dict[str, Callable[..., Any]] = {"run_search": Later("web.running:run_search")}
CHECKS: list[Callable[..., Any]] = [
    Later("web.serving:check_assets"),
    Later("web.serving:check_address"),
]
PERSONAL_DATA = ["kb.alerts.commands"]
