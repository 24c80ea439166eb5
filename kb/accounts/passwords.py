"""Passwords: which are good enough, their hashes, and the check."""

import threading
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kb.accounts.errors import PasswordUnfit

MIN_LENGTH = 12
MAX_LENGTH = 256
_METER_LENGTH = 72
_LOWEST_SCORE = 2

_hasher = PasswordHasher()
# One hash takes 64 MiB; many sign-ins at once must not take all memory.
_at_once = threading.BoundedSemaphore(2)


def _bytes(password: str) -> bytes:
    # The same letters typed on another keyboard may come in another Unicode form.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def check(password: str, *about: str) -> None:
    """Refuse a password that would be guessed early. Raises PasswordUnfit.

    `about` are the person's address, name and organisation, which others know. The meter (zxcvbn)
    holds the most common passwords and words and works without a network.
    """
    if len(password) < MIN_LENGTH:
        raise PasswordUnfit(
            f"Use at least {MIN_LENGTH} characters. Three random words are easy to remember."
        )
    if len(password) > MAX_LENGTH:
        raise PasswordUnfit(f"Use at most {MAX_LENGTH} characters.")
    # Its lists of words take memory that most processes would never use.
    from zxcvbn import zxcvbn  # type: ignore[import-untyped]

    known = [word for text in about for word in (text, *text.replace("@", " ").split()) if word]
    if zxcvbn(password[:_METER_LENGTH], user_inputs=known)["score"] < _LOWEST_SCORE:
        raise PasswordUnfit(
            "That password is among the first that would be guessed. Three random words that "
            "have nothing to do with you are better."
        )


def hashed(password: str) -> str:
    """The Argon2id hash to store, with its parameters and salt."""
    with _at_once:
        return _hasher.hash(_bytes(password))


@lru_cache(maxsize=1)
def _decoy() -> str:
    return hashed("nobody has this password")


def verify(stored: str, password: str) -> bool:
    """Whether the password is the one stored.

    Without a stored hash the same work is done and the answer is no, so that the time taken does
    not tell who has an account.
    """
    decoy = _decoy()
    if len(password) > MAX_LENGTH:
        return False
    with _at_once:
        try:
            matched = _hasher.verify(stored or decoy, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
    return matched and bool(stored)


def rehashed(stored: str, password: str) -> str | None:
    """A new hash of a password just verified, when its parameters are not today's; else None."""
    return hashed(password) if _hasher.check_needs_rehash(stored) else None
