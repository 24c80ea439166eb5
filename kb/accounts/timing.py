"""Answers that take the same time whatever was found, so that time tells nothing."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

LEAST_SECONDS = 0.15


@contextmanager
def steady() -> Iterator[None]:
    """Hold a block back until it has taken `LEAST_SECONDS`, also when it raises.

    For answers that must not tell whether an address has an account, where finding one means more
    work than finding none.
    """
    until = time.monotonic() + LEAST_SECONDS
    try:
        yield
    finally:
        time.sleep(max(0.0, until - time.monotonic()))
