"""What is written down: every change, and no secret."""

import json

import pytest

from kb import jobs
from kb.accounts import administration, service
from kb.accounts.models import Account
from kb.accounts.sessions import SignedIn
from kb.audit import AuditEntry
from kb.database import session_scope
from tests.kb.accounts.someone import (
    EMAIL,
    HERE,
    OTHER,
    PASSWORD,
    Guarded,
    actions_noted,
    first_step,
    rows_of,
    the_account,
    token_in,
)


def test_every_change_is_written_down_and_no_secret_is(
    guarded: Guarded, admin: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    code = guarded[1].recovery_codes[0]
    first = first_step()
    signed_in = service.sign_in_code(first, code, address=HERE)
    service.request_reset(EMAIL, address=HERE)
    reset = token_in("reset")
    service.reset(reset, OTHER)
    jobs.settle()
    noted = actions_noted()
    for action in (
        "signed_up",
        "confirmed",
        "signed_in",
        "second_factor_offered",
        "second_factor_enabled",
        "recovery_codes_made",
        "recovery_code_used",
        "reset_requested",
        "password_changed",
        "added",
    ):
        assert f"account.{action}" in noted
    written = caplog.text + "".join(
        json.dumps([row.actor, row.action, row.subject_id, row.detail])
        for row in rows_of(AuditEntry)
    )
    secrets = (PASSWORD, OTHER, reset, first, signed_in.token, code, guarded[0], EMAIL, "Jo Smith")
    for secret in secrets:
        assert secret not in written


def test_a_change_that_is_not_kept_leaves_no_entry(member: SignedIn) -> None:
    before = actions_noted()
    with pytest.raises(RuntimeError), session_scope(write=True) as session:
        administration.disable(session, member.account.id, actor="x")
        raise RuntimeError
    assert actions_noted() == before
    assert the_account().state == "active"
