"""Two writers at once, and a kill in the middle."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from sqlalchemy import Engine

from kb import migrations
from kb.database import session_scope
from kb.trails import access, log, service, steps
from kb.trails.access import Viewer
from tests.kb.trails.viewers import ANN, BOB, fold_agrees, row_of, state_of


def _write_at_once(trail: str) -> None:
    def write(viewer: Viewer) -> None:
        for number in range(15):
            with session_scope(write=True) as opened:
                steps.set_talk(opened, trail, viewer, {"who": f"{viewer.account} {number}"})

    threads = [threading.Thread(target=write, args=(viewer,)) for viewer in (ANN, BOB)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with session_scope() as opened:
        events = log.events(opened, trail)
        assert [event.sequence for event in events] == list(range(1, 32))
        assert {event.actor for event in events} == {"account:ann", "account:bob"}
        assert len(state_of(opened, trail).talks) == 30
        assert fold_agrees(opened, trail)


def _shared_trail() -> str:
    with session_scope(write=True) as opened:
        trail = service.open_trail(opened, ANN)
        access.share_with(opened, "trail", row_of(opened, trail), ANN, "bob", may_write=True)
    return trail


def test_two_people_write_at_once_and_both_are_kept(empty_store: Engine) -> None:
    migrations.upgrade()
    _write_at_once(_shared_trail())


_WRITER = """
import sys
from kb.database import session_scope
from kb.trails import steps
from kb.trails.access import Viewer
for number in range(100_000):
    with session_scope(write=True) as session:
        steps.set_talk(session, sys.argv[1], Viewer(account="ann"), {"who": f"talk {number}"})
    print(number, flush=True)
"""


def test_a_kill_in_the_middle_loses_nothing_that_was_done(store: Path) -> None:
    trail = _shared_trail()
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, trail],
        env={**os.environ, "KB_HOME": str(store)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    done = [int(writer.stdout.readline()) for _ in range(10)]
    writer.send_signal(signal.SIGKILL)
    done += [int(line) for line in writer.stdout.read().split()]
    writer.stdout.close()
    writer.wait(timeout=30)
    with session_scope() as opened:
        assert fold_agrees(opened, trail)
        talks = [talk.who for talk in state_of(opened, trail).talks]
    assert talks[: len(done)] == [f"talk {number}" for number in done]
    assert len(talks) - len(done) in (0, 1)
