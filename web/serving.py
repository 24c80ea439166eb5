"""Serving the site: the command, and what `kb doctor` says of it."""

import gc
import os
import signal
import subprocess
import sys
import threading
from typing import Any

import click

from kb import migrations
from kb.cli import USUAL
from kb.folders import Check
from kb.settings import settings
from web import build

_STOP_SECONDS = 10


@click.command()
@click.option("--host", help="Address to listen on (KB_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (KB_PORT).")
@click.option("--no-worker", is_flag=True, help="Do not start `kb worker` beside the site.")
def serve(host: str | None, port: int | None, no_worker: bool) -> None:
    """Serve the site, and run a worker beside it unless told not to."""
    gc.set_threshold(*USUAL)  # for what goes on for long makes rubbish
    if not (build.BUILT / build.STYLE_SHEET).exists():
        click.echo("Building the style sheet …")
        build.build()
    host = host or settings().host
    port = settings().port if port is None else port
    _make_known(host, port)
    migrations.require()
    # The server passes the signal on when it has closed; by leaving in the ordinary way the worker
    # is ended too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    worker = None
    try:
        if settings().worker and not no_worker:
            worker = _start_worker()
        _server(host, port).run()
    except KeyboardInterrupt:
        return
    except SystemExit as left:
        if left.code:
            raise click.ClickException(
                f"Could not listen on {host}:{port}. Is something else using it? Try --port."
            ) from None
        raise
    finally:
        if worker is not None:
            _stop(worker)


def _make_known(host: str, port: int) -> None:
    """Lets this process and its worker write links to where the site really listens."""
    os.environ["KB_HOST"] = host
    if port:  # 0 asks the system for a free one, which is known only later
        os.environ["KB_PORT"] = str(port)
    settings.cache_clear()


def _server(host: str, port: int) -> Any:
    import uvicorn

    from index.warm import warm_up
    from web.app import create_app

    class Announcing(uvicorn.Server):
        """Says where the site is once it listens."""

        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            for server in self.servers if self.started else ():
                for each in server.sockets:
                    name, number = each.getsockname()[:2]
                    shown = f"[{name}]" if ":" in name else name
                    click.echo(f"{settings().site_name}: http://{shown}:{number}")
            if self.started:
                threading.Thread(target=warm_up, name="warm-up", daemon=True).start()

    return Announcing(
        uvicorn.Config(create_app(), host=host, port=port, log_level="warning", access_log=False)
    )


def _start_worker() -> subprocess.Popen[bytes]:
    # In a session of its own: Ctrl-C then reaches only this process, which ends it in good order.
    return subprocess.Popen(
        [sys.executable, "-c", "from kb.cli import main; main()", "worker"], start_new_session=True
    )


def _stop(worker: subprocess.Popen[bytes]) -> None:
    worker.terminate()
    try:
        worker.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def check_assets() -> Check:
    """Whether the style sheet is there and not older than its sources."""
    stale = build.is_stale()
    return Check(
        "style sheet",
        not stale,
        "missing or older than its sources" if stale else "built",
        "run `python -m web.build`",
    )


def check_address() -> Check:
    """Whether links in mails that leave this machine can be followed."""
    lacking = bool(settings().smtp_host) and not settings().base_url
    return Check(
        "public address",
        not lacking,
        f"links in mails point at {settings().site_address}",
        "set KB_BASE_URL to the address that visitors use",
    )
