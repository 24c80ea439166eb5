"""Accounts on the command line."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click.testing

from kb.accounts import tokens
from kb.accounts.models import Account
from kb.accounts.sessions import SignedIn
from kb.cli import cli
from tests.kb.accounts.someone import EMAIL, PASSWORD, sign_in

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_the_first_admin_is_made_on_the_command_line(store: Path, run_kb: Run) -> None:
    made = run_kb("users", "add", EMAIL, "--name", "Jo", "--role", "admin", "--generate", "--json")
    assert made.returncode == 0, made.stderr
    given = json.loads(made.stdout)
    assert given["roles"] == ["admin"]
    assert sign_in(password=given["password"]).account.roles == ["admin"]
    again = run_kb("users", "add", EMAIL, "--name", "Jo", "--role", "admin", "--generate")
    assert again.returncode == 1
    assert "already an account" in again.stderr


def _kb(*words: str, typed: str = "") -> click.testing.Result:
    return click.testing.CliRunner().invoke(cli, words, input=typed)


def test_a_password_can_be_typed(store: Path) -> None:
    made = _kb(
        *("users", "add", EMAIL, "--name", "Jo", "--role", "librarian"), typed=f"{PASSWORD}\n" * 2
    )
    assert made.exit_code == 0, made.output
    assert PASSWORD not in made.output
    assert sign_in().account.roles == ["librarian"]


def test_listing_giving_roles_and_disabling(member: SignedIn, admin: Account) -> None:
    def users(*words: str) -> Any:
        done = _kb("users", *words, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    assert [row["email"] for row in users("list")] == [EMAIL, admin.email]
    assert [row["email"] for row in users("list", "--role", "admin")] == [admin.email]
    changed = users("role", EMAIL.upper(), "--add", "librarian", "--remove", "contributor")
    assert changed["roles"] == ["practitioner", "librarian"]
    assert users("disable", EMAIL, "--reason", "left")["state"] == "disabled"
    assert [row["email"] for row in users("list", "--state", "disabled")] == [EMAIL]
    assert users("disable", EMAIL, "--undo")["state"] == "active"
    assert "password_hash" not in str(users("list"))
    assert EMAIL in _kb("users", "list").stdout
    last = _kb("users", "disable", admin.email)
    assert (last.exit_code, "last active admin" in last.output) == (1, True)
    unknown = _kb("users", "role", "nobody@example.org", "--add", "admin")
    assert unknown.exit_code == 1
    assert "kb users list" in unknown.output
    assert _kb("users", "role", EMAIL, "--add", "king").exit_code == 2


def test_no_command_takes_a_password_as_an_argument() -> None:
    from kb.accounts.commands import users

    for command in users.commands.values():
        assert not any("password" in (option.name or "") for option in command.params)


def test_tokens_cannot_be_guessed() -> None:
    made = {tokens.new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(token) >= 43 for token in made)
