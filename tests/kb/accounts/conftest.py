"""People in several states of having an account."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.accounts import administration, second_factor, service
from kb.accounts.models import Account
from kb.accounts.sessions import SignedIn
from tests.kb.accounts.someone import OTHER, PASSWORD, sign_up, turn_on


@pytest.fixture
def member(store: Path) -> SignedIn:
    """Somebody who signed up, confirmed and is signed in."""
    return service.confirm(sign_up(), PASSWORD)


@pytest.fixture
def admin(store: Path) -> Account:
    """The first admin."""
    return administration.add(
        "admin@example.org", "Ada", roles=["admin"], password=OTHER, actor="command line"
    )


@pytest.fixture
def guarded(member: SignedIn) -> Iterator[tuple[str, second_factor.Enabled]]:
    """The member with a second factor: its secret, and what turning it on gave."""
    return turn_on(member.token)  # type: ignore[return-value]
