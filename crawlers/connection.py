"""The connection under a fetch: to the judged number only, and never longer than its deadline.

Looking up a name and connecting are one step here, so what was judged is what is connected to;
TLS still checks the certificate against the name. The deadline holds for connecting, headers and
body alike: a server that sends a byte now and then cannot keep a crawl waiting.
"""

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from crawlers.addresses import Resolver, look_up, public_addresses
from crawlers.errors import TooSlow, Unreachable

_DEADLINE: ContextVar[tuple[str, float]] = ContextVar("deadline")


@contextmanager
def deadline(url: str, seconds: float) -> Iterator[None]:
    """Let everything read inside end after so many seconds, with TooSlow."""
    token = _DEADLINE.set((url, time.monotonic() + seconds))
    try:
        yield
    finally:
        _DEADLINE.reset(token)


def _left(asked: float | None) -> float:
    """Seconds that one step may take. Raises TooSlow when none are left."""
    url, ends = _DEADLINE.get()
    left = ends - time.monotonic()
    if left <= 0:
        raise TooSlow(url)
    return left if asked is None else min(left, asked)


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends by the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to public addresses only; see crawlers/addresses.py for what that means."""

    def __init__(self, resolve: Resolver = look_up) -> None:
        self._resolve = resolve
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to the first address of the host that answers.

        Raises AddressRefused, Unreachable or TooSlow.
        """
        failure: Exception | None = None
        for number in public_addresses(host, port, self._resolve):
            try:
                stream = self._backend.connect_tcp(
                    number, port, _left(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _TimedStream(stream)
        raise Unreachable(f"//{host}", f"no connection ({failure})")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Never: a page is not read from a socket of this machine."""
        raise Unreachable(path, "sockets of this machine are not fetched")

    def sleep(self, seconds: float) -> None:
        """Wait, as the interface asks."""
        self._backend.sleep(seconds)


class GuardedTransport(httpx.BaseTransport):
    """Carries requests over connections that GuardedBackend makes."""

    def __init__(self, resolve: Resolver) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            network_backend=GuardedBackend(resolve),
            max_connections=10,
            keepalive_expiry=30,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        )
        timeout: dict[str, Any] = request.extensions
        answer = self._pool.handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, extensions=timeout)
        )
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Any:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()
