"""`kb serve`: says where it is, starts a worker and ends it, refuses a taken port."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from kb import jobs, migrations
from kb.alerts import mail
from tests.conftest import _forget
from web import serving

Run = Callable[..., subprocess.CompletedProcess[str]]
KB = str(Path(sys.executable).parent / "kb")


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [KB, "serve", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(os.environ),
    )


def wait_until(true: Callable[[], bool]) -> bool:
    for _ in range(200):
        if true():
            return True
        time.sleep(0.1)
    return False


def test_a_store_behind_the_program_is_not_served(home: Path, run_kb: Run) -> None:
    assert "kb init" in run_kb("serve").stderr
    migrations.upgrade(revision="0002")
    refused = run_kb("serve")
    assert refused.returncode == 1
    assert "0002" in refused.stderr
    assert "kb migrate" in refused.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_serve_with_its_worker(site: Path, how: signal.Signals) -> None:
    server = start("--port", "0")
    try:
        assert server.stdout
        line = server.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        assert found, line
        with socket.create_connection(("127.0.0.1", int(found[1]))) as client:
            client.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 200")
        assert wait_until(jobs.worker_runs)
        server.send_signal(how)
        said, _ = server.communicate(timeout=30)
        assert server.returncode == 0, said
        assert "Traceback" not in said
        assert not jobs.worker_runs()
    finally:
        server.kill()
        server.communicate()


def test_links_in_mails_lead_to_the_port_that_was_asked_for(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KB_HOST", "127.0.0.1")
    monkeypatch.setenv("KB_PORT", "8000")
    serving._make_known("127.0.0.2", 8177)
    assert mail.site_address() == "http://127.0.0.2:8177"
    # A worker is a process of its own, which knows only its environment.
    asked = "from kb.alerts import mail; print(mail.site_address())"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "http://127.0.0.2:8177"


def test_a_taken_port_is_said(site: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with start("--port", port, "--no-worker") as server:
            said, _ = server.communicate(timeout=60)
    assert server.returncode == 1
    assert f"Could not listen on 127.0.0.1:{port}" in said


def test_wrong_use_is_two(site: Path, run_kb: Run) -> None:
    assert run_kb("serve", "--port", "99999999").returncode == 2


def test_the_doctor_asks_for_the_public_address(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert serving.check_address().ok, "on one machine, without mail, nobody needs it"
    monkeypatch.setenv("KB_SMTP_HOST", "mail.example.org")
    _forget()
    assert "KB_BASE_URL" in serving.check_address().remedy
    assert not serving.check_address().ok
    monkeypatch.setenv("KB_BASE_URL", "https://practice.example.org/")
    _forget()
    assert serving.check_address().finding.endswith("https://practice.example.org")
