"""Pictures without what they tell beside the picture: where, when and with which device.

A telephone writes the place of a photograph, often to the house, into its file. What is needed to
show the picture rightly stays, and not one pixel changes: parts are left out, nothing is drawn
anew. Whatever follows the end of the picture, such as a second one that a telephone hides there,
is left out too.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split()
)
"""Parts that change how it looks; all others are words, dates and notes of programs."""

_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_JFIF, _EXIF, _COLOURS, _ADOBE, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_BARE = {_START, 0x01, *range(0xD0, 0xD8)}  # markers that nothing follows
_TURNED = 0x0112  # the EXIF tag that says which way up


class PictureBroken(ValueError):
    """What claims to be a picture does not hold together."""


def strip(path: Path, kind: str) -> None:
    """Rewrite a picture without its metadata; `kind` as in `kb.file_kinds`, others are left alone.

    Raises PictureBroken, and then the file is as it was.
    """
    kept: dict[str, Callable[[bytes], Iterator[bytes]]] = {"png": _png, "jpeg": _jpeg}
    if kind not in kept:
        return
    try:
        bare = b"".join(kept[kind](path.read_bytes()))
    except (IndexError, struct.error):
        raise PictureBroken("it ends too early") from None
    path.write_bytes(bare)


def _png(data: bytes) -> Iterator[bytes]:
    if not data.startswith(_PNG):
        raise PictureBroken("no PNG")
    yield _PNG
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        (check,) = struct.unpack_from(">I", data, end - 4)
        if check != zlib.crc32(data[at + 4 : end - 4]):
            raise PictureBroken("a part of it is damaged")
        if kind in _PNG_KEPT:
            yield data[at:end]
        at = end


def _jpeg(data: bytes) -> Iterator[bytes]:
    if not data.startswith(b"\xff\xd8"):
        raise PictureBroken("no JPEG")
    yield data[:2]
    turned = _which_way_up(data)
    if turned:
        yield turned
    for marker, start, end in _segments(data):
        if marker == _JFIF:
            if data[start + 4 : start + 9] == b"JFIF\0" and end - start >= 18:
                # Its head only: a small copy of the picture may follow.
                yield b"\xff\xe0\x00\x10" + data[start + 4 : start + 16] + b"\0\0"
        elif 0xE0 <= marker <= 0xEF:
            colours = marker == _COLOURS and data[start + 4 : start + 16] == b"ICC_PROFILE\0"
            if colours or marker == _ADOBE:
                yield data[start:end]
        elif marker != _COMMENT:
            yield data[start:end]


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each part after the first mark, the last being the end's own."""
    at, marker = 2, 0
    while marker != _END:
        if data[at] != 0xFF:
            raise PictureBroken("something stands between its parts")
        while data[at + 1] == 0xFF:  # any number of these may fill in
            at += 1
        marker = data[at + 1]
        if marker == _END or marker in _BARE:
            end = at + 2
        else:
            (length,) = struct.unpack_from(">H", data, at + 2)
            end = at + 2 + length
            if length < 2 or end > len(data):
                raise PictureBroken("a part is longer than the file")
        if marker == _SCAN:
            end = _scan_end(data, end)
        yield marker, at, end
        at = end


def _scan_end(data: bytes, at: int) -> int:
    """Where the packed pixels end: at the first mark that is not one of theirs."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0:
            raise PictureBroken("its end is missing")
        after = data[at + 1]
        if after == 0xFF:
            at += 1
        elif after == 0 or 0xD0 <= after <= 0xD7:
            at += 2
        else:
            return at


def _which_way_up(data: bytes) -> bytes:
    """An EXIF part that says only that: without it upright photographs lie on their side."""
    for marker, start, end in _segments(data):
        if marker == _EXIF and data[start + 4 : start + 10] == b"Exif\0\0":
            turned = _orientation(data[start + 10 : end])
            if 2 <= turned <= 8:
                entry = struct.pack(">HHHIHHI", 1, _TURNED, 3, 1, turned, 0, 0)
                body = b"Exif\0\0MM\0*" + struct.pack(">I", 8) + entry
                return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
            return b""
        if marker == _SCAN:
            break
    return b""


def _orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 0
    try:
        (at,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, at)
        for number in range(min(count, 500)):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * number)
            if tag == _TURNED and kind == 3:
                return int(value)
    except struct.error:
        return 0
    return 0
