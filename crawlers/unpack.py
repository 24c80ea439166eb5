"""Unpacking a body as it arrives, never further than a limit: a small bomb stays small."""

import zlib
from collections.abc import Callable, Iterable
from typing import Protocol

import brotli  # type: ignore[import-untyped]

from crawlers.errors import BodyUnreadable, TooLarge

ACCEPTED = "gzip, deflate, br"


class _Unpacker(Protocol):
    def feed(self, data: bytes, most: int) -> bytes:
        """Unpack some data to at most `most` bytes."""

    def complete(self) -> bool:
        """Whether the packed data came to its end."""


class _Plain:
    def feed(self, data: bytes, most: int) -> bytes:
        return data

    def complete(self) -> bool:
        return True


class _Zlib:
    """gzip (also of several members) and deflate, with or without its proper header."""

    def __init__(self, bits: int) -> None:
        self._bits = bits
        self._object = zlib.decompressobj(bits)
        self._began = False

    def feed(self, data: bytes, most: int) -> bytes:
        out = bytearray()
        rest = data
        while rest and len(out) < most:
            if self._object.eof:
                if self._bits <= zlib.MAX_WBITS or not rest.startswith(b"\x1f\x8b"):
                    break  # what follows the end is padding
                self._object = zlib.decompressobj(self._bits)
            out += self._one(rest, most - len(out))
            rest = self._object.unused_data or self._object.unconsumed_tail
        return bytes(out)

    def _one(self, data: bytes, most: int) -> bytes:
        try:
            found = self._object.decompress(data, most)
        except zlib.error:
            if self._began or self._bits != zlib.MAX_WBITS:
                raise
            self._bits = -zlib.MAX_WBITS
            self._object = zlib.decompressobj(self._bits)
            found = self._object.decompress(data, most)
        self._began = True
        return found

    def complete(self) -> bool:
        return self._object.eof or not self._began


class _Brotli:
    def __init__(self) -> None:
        self._object = brotli.Decompressor()
        self._began = False

    def feed(self, data: bytes, most: int) -> bytes:
        self._began = True
        out = bytearray(self._object.process(data, output_buffer_limit=most))
        while len(out) < most and not self._object.can_accept_more_data():
            more = self._object.process(b"", output_buffer_limit=most - len(out))
            if not more:
                break
            out += more
        return bytes(out)

    def complete(self) -> bool:
        return bool(self._object.is_finished()) or not self._began


_UNPACKERS: dict[str, Callable[[], _Unpacker]] = {
    "": _Plain,
    "identity": _Plain,
    "gzip": lambda: _Zlib(16 + zlib.MAX_WBITS),
    "x-gzip": lambda: _Zlib(16 + zlib.MAX_WBITS),
    "deflate": lambda: _Zlib(zlib.MAX_WBITS),
    "br": _Brotli,
}


def unpacked(url: str, chunks: Iterable[bytes], packing: str, most: int) -> bytes:
    """The whole body, unpacked as its header says (`gzip`, `deflate`, `br` or nothing).

    Raises TooLarge as soon as there are more than `most` bytes, before or after unpacking, and
    BodyUnreadable when it is packed in another way, or breaks off.
    """
    packing = packing.strip().lower()
    if packing not in _UNPACKERS:
        raise BodyUnreadable(url, f"it is packed as '{packing}', which was not asked for")
    unpacker = _UNPACKERS[packing]()
    body = bytearray()
    packed = 0
    for chunk in chunks:
        packed += len(chunk)
        try:
            body += unpacker.feed(chunk, most + 1 - len(body))
        except (zlib.error, brotli.error) as error:
            raise BodyUnreadable(url, f"it is not {packing} as it says ({error})") from None
        if len(body) > most or packed > most:
            raise TooLarge(url, f"it has more than {most:,} bytes")
    if not unpacker.complete():
        raise BodyUnreadable(url, f"its {packing} data breaks off")
    return bytes(body)
