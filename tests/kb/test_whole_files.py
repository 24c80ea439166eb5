"""Files that are whole or not there."""

from pathlib import Path

import pytest

from kb.whole_files import written_whole


def test_two_that_write_one_file_do_not_disturb_each_other(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with written_whole(path) as first:
        first.write_text("first")
        with written_whole(path) as second:
            second.write_text("second")
        assert path.read_text() == "second"
        first.write_text("first, whole")
    assert path.read_text() == "first, whole"
    assert list(tmp_path.iterdir()) == [path]


def test_what_failed_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_text("before")
    with pytest.raises(OSError, match="disk full"), written_whole(path) as temporary:
        temporary.write_text("half")
        raise OSError("disk full")
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
