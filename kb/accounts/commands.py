"""Commands about accounts: the first admin is made here."""

import json
import secrets

import click
from sqlmodel import Session

from kb.accounts import administration, people
from kb.accounts.errors import AccountNotFound
from kb.accounts.identity import checked_email
from kb.accounts.models import Account
from kb.accounts.roles import ROLES, checked_roles
from kb.command_line import as_json
from kb.database import session_scope

ACTOR = "command line"
_role = click.Choice([role for role in ROLES if role != "visitor"])


@click.group()
def users() -> None:
    """Add, list and disable accounts, and give them roles."""


def _find(session: Session, email: str) -> Account:
    account = people.by_email(session, checked_email(email))
    if account is None:
        raise AccountNotFound(email)
    return account


def _print(account: Account, json_out: bool, **more: str) -> None:
    if json_out:
        click.echo(json.dumps({**people.as_data(account), **more}, indent=2, ensure_ascii=False))
        return
    click.echo(f"{account.email}: {account.state}, {', '.join(account.roles) or 'no roles'}")
    for name, value in more.items():
        click.echo(f"{name}: {value}")


@users.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Name that others see.")
@click.option("--organisation", default="", help="Organisation that others see.")
@click.option(
    "--role", "roles", type=_role, multiple=True, required=True, help="Role; may be repeated."
)
@click.option(
    "--generate", is_flag=True, help="Make a password and show it once, instead of asking for one."
)
@as_json
def add_user(
    *,
    email: str,
    name: str,
    organisation: str,
    roles: tuple[str, ...],
    generate: bool,
    json_out: bool,
) -> None:
    """Add an account that can sign in at once, such as the first admin.

    The password is asked for, never taken from the command line, where others could see it.
    """
    if generate:
        password = secrets.token_urlsafe(18)
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    account = administration.add(
        email, name, organisation=organisation, roles=roles, password=password, actor=ACTOR
    )
    _print(account, json_out, **({"password": password} if generate else {}))


@users.command("list")
@click.option("--role", type=_role, default=None, help="Only accounts with this role.")
@click.option(
    "--state",
    type=click.Choice(["unconfirmed", "active", "disabled", "erased"]),
    default=None,
    help="Only accounts in this state; erased ones are left out otherwise.",
)
@as_json
def list_users(role: str | None, state: str | None, json_out: bool) -> None:
    """List accounts, oldest first."""
    with session_scope() as session:
        found = people.listing(session, role=role or "", state=state or "")
    if json_out:
        click.echo(json.dumps([people.as_data(row) for row in found], indent=2, ensure_ascii=False))
        return
    for row in found:
        click.echo(f"{row.email}  {row.state}  {', '.join(row.roles)}  {row.display_name}")


@users.command("role")
@click.argument("email")
@click.option("--add", "added", type=_role, multiple=True, help="Role to give; may be repeated.")
@click.option("--remove", "removed", type=_role, multiple=True, help="Role to take away.")
@as_json
def change_roles(
    email: str, added: tuple[str, ...], removed: tuple[str, ...], json_out: bool
) -> None:
    """Give an account roles or take them away; it then has to sign in again."""
    with session_scope(write=True) as session:
        account = _find(session, email)
        wanted = checked_roles((set(account.roles) | set(added)) - set(removed))
        account = administration.set_roles(session, account.id, wanted, actor=ACTOR)
    _print(account, json_out)


@users.command("disable")
@click.argument("email")
@click.option("--reason", default="", help="Why, for the log of changes.")
@click.option("--undo", is_flag=True, help="Let the account be used again.")
@as_json
def disable_user(email: str, reason: str, undo: bool, json_out: bool) -> None:
    """Keep an account from signing in, and end its sessions."""
    with session_scope(write=True) as session:
        account = _find(session, email)
        if undo:
            account = administration.enable(session, account.id, actor=ACTOR)
        else:
            account = administration.disable(session, account.id, actor=ACTOR, reason=reason)
    _print(account, json_out)
