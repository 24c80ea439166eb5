"""The `kb` command over sites on this machine, in processes of its own that a test may kill.

Started once, it takes the words of one command a line (as JSON), forks, runs it, and tells the
process id and then the exit code: so a kill costs no new start of Python.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.crawlers.site import Site


class LocalKb:
    """Runs commands one at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def start(self, *words: str) -> int:
        """Begin a command; gives its process id."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def wait(self) -> int:
        """The exit code of the command that was begun; below zero when it was killed."""
        return int(self._line())

    def run(self, *words: str) -> int:
        """Run a command to its end."""
        self.start(*words)
        return self.wait()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@contextmanager
def local_kb(home: Path, sites: Mapping[str, Site]) -> Iterator[LocalKb]:
    """A LocalKb whose sources of these ids are led to these sites."""
    env = {
        **os.environ,
        "KB_HOME": str(home),
        "KB_EMBEDDING_MODEL": "hash",
        "KB_CRAWLER_CONTACT": "crawl@example.org",
        "KB_CRAWLER_DELAY": "0",
        "KB_CRAWLER_ALLOW": ",".join(site.host for site in sites.values()),
        "TEST_SITES": json.dumps({name: site.url("") for name, site in sites.items()}),
    }
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        env=env,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        try:
            yield LocalKb(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


def _main() -> None:
    from crawlers import sources
    from crawlers.source import known_sources
    from kb.cli import cli
    from kb.folders import folders
    from kb.later import whole

    sources.__path__.append(str(Path(__file__).parent / "local_sources"))
    known_sources()
    for folder in folders():
        for command in folder.commands:
            whole(command)
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what commands print must not be taken for an answer
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                cli(json.loads(line), prog_name="kb")
            except SystemExit as ended:
                os._exit(ended.code if isinstance(ended.code, int) else 1)
            os._exit(0)
        print(child, file=answers, flush=True)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(code, file=answers, flush=True)


if __name__ == "__main__":
    _main()
