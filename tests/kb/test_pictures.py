"""Pictures lose what their files tell beside them, and nothing that shows."""

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb import pictures
from tests.pictures import PHOTO

_TABLES = PHOTO.index(b"\xff\xdb")
"""Where the part of the photograph begins that is the picture itself."""


def stripped(path: Path, data: bytes, kind: str) -> bytes:
    file = path / "picture"
    file.write_bytes(data)
    pictures.strip(file, kind)
    return file.read_bytes()


def part(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_a_photograph_tells_no_place_and_stays_upright(tmp_path: Path) -> None:
    bare = stripped(tmp_path, PHOTO, "jpeg")
    assert b"Acme" in PHOTO
    assert b"by Jane" in PHOTO
    assert b"\x88\x25" in PHOTO, "the tag of the place"
    for told in (b"Acme", b"Jane", b"\x88\x25"):
        assert told not in bare
    assert bare.endswith(PHOTO[_TABLES:]), "not one pixel changes"
    assert struct.pack(">HHIH", 0x0112, 3, 1, 6) in bare, "which way up"
    assert stripped(tmp_path, bare, "jpeg") == bare


def test_colours_stay_and_a_second_picture_goes(tmp_path: Path) -> None:
    colours = b"\xff\xe2\x00\x12ICC_PROFILE\0\x01\x01ab"
    many = b"\xff\xe2\x00\x08MPF\0ab"
    data = b"\xff\xd8" + colours + many + PHOTO[_TABLES:] + PHOTO
    assert stripped(tmp_path, data, "jpeg") == b"\xff\xd8" + colours + PHOTO[_TABLES:]


def test_a_drawing_keeps_only_what_shows(tmp_path: Path) -> None:
    head = b"\x89PNG\r\n\x1a\n" + part(b"IHDR", bytes(13))
    told = part(b"tEXt", b"Author\0Jane") + part(b"eXIf", b"MM\0*") + part(b"tIME", bytes(7))
    shown = part(b"pHYs", bytes(9)) + part(b"IDAT", b"x") + part(b"IEND")
    assert stripped(tmp_path, head + told + shown + b"behind", "png") == head + shown
    with pytest.raises(pictures.PictureBroken, match="damaged"):
        stripped(tmp_path, head + told.replace(b"Jane", b"June") + shown, "png")


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    assert stripped(tmp_path, PHOTO, "pdf") == PHOTO


@given(
    st.sampled_from(["jpeg", "png"]),
    st.one_of(
        st.binary(max_size=60),
        st.tuples(st.integers(2, len(PHOTO)), st.binary(max_size=8)).map(
            lambda cut: PHOTO[: cut[0]] + cut[1] + PHOTO[cut[0] + len(cut[1]) :]
        ),
        st.integers(0, len(PHOTO)).map(lambda end: PHOTO[:end]),
    ),
)
def test_no_bytes_break_it(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: bytes
) -> None:
    """It ends in a picture that stays as it is from then on, or is refused and left alone."""
    folder = tmp_path_factory.getbasetemp()
    try:
        bare = stripped(folder, data, kind)
    except pictures.PictureBroken:
        assert (folder / "picture").read_bytes() == data
    else:
        assert stripped(folder, bare, kind) == bare
