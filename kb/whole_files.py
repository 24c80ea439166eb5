"""Files that are whole or not there, whoever else writes them and whatever happens meanwhile."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Where to write what is to be at `path`: it is put there at the end, unless anything failed.

    Two that write the same file do not disturb each other; the one that ends last is kept.
    """
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
