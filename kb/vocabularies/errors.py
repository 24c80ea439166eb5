"""Errors of the vocabulary desk."""

from kb.errors import InputInvalid


class TermRefused(InputInvalid):
    """A change of a term cannot be made; the message says why."""
