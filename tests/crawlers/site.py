"""A small web site on this machine that answers as a test tells it to, over real HTTP."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What the site sends: `drip` sends the body in pieces, this many seconds apart."""

    body: bytes | Iterator[bytes] = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float | None = None


Route = Answer | Callable[["Site", dict[str, str]], Answer]


def html(text: str, **headers: str) -> Answer:
    return Answer(text.encode(), headers={"Content-Type": "text/html; charset=utf-8", **headers})


@dataclass
class Site:
    """Routes by path with query; `asked` lists every request with its headers.

    `heads` lists the paths of questions for the heads alone; `tells_heads` says whether they are
    answered.
    """

    routes: dict[str, Route] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    tells_heads: bool = False
    port: int = 0
    at_once: int = 0
    most_at_once: int = 0
    slow: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        """Every path that was asked for, robots.txt left out."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def counts(self) -> Counter[str]:
        return Counter(path for path, _ in self.asked)

    def headers_of(self, path: str) -> list[dict[str, str]]:
        return [headers for asked, headers in self.asked if asked == path]


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with site._lock:
                site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                site.at_once += 1
                site.most_at_once = max(site.most_at_once, site.at_once)
            self.answering = True
            try:
                if site.slow:
                    time.sleep(site.slow)
                self.answer()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                self.leave()

        def leave(self) -> None:
            """Say that this request is answered, once."""
            if self.answering:
                self.answering = False
                with site._lock:
                    site.at_once -= 1

        def do_HEAD(self) -> None:
            site.heads.append(self.path)
            route = site.routes.get(self.path, Answer(b"", 404))
            answer = route if isinstance(route, Answer) and site.tells_heads else Answer(b"", 405)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            length = len(answer.body) if isinstance(answer.body, bytes) else 0
            self.send_header("Content-Length", str(length))
            self.end_headers()

        def answer(self) -> None:
            route = site.routes.get(self.path, Answer(b"not here", 404))
            answer = (
                route(site, {k.lower(): v for k, v in self.headers.items()})
                if callable(route)
                else route
            )
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if isinstance(answer.body, bytes):
                self.send_header("Content-Length", str(len(answer.body)))
                if answer.drip is None:
                    # Whoever has all of an answer may ask the next thing before this thread is
                    # given its turn again.
                    self.leave()
                self.end_headers()
                if answer.drip is None:
                    self.wfile.write(answer.body)
                    return
                pieces: Any = (bytes([byte]) for byte in answer.body)
            else:
                self.send_header("Connection", "close")
                self.close_connection = True
                self.end_headers()
                pieces = answer.body
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()
                if answer.drip:
                    time.sleep(answer.drip)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what many of these tests are about."""


@contextmanager
def serving(routes: dict[str, Route] | None = None) -> Iterator[Site]:
    """Serve a site while the block runs; its robots.txt allows everything unless given."""
    site = Site(dict(routes or {}))
    site.routes.setdefault("/robots.txt", Answer(b"", 404))
    server = _Server(("127.0.0.1", 0), _handler(site))
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
