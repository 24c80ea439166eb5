"""Who may do what: the one table of roles and permissions."""

from collections.abc import Iterable

from kb.accounts.errors import RoleUnknown
from kb.accounts.models import Account

PERMISSIONS: dict[str, str] = {
    "read": "search and read what everybody may see",
    "trail": "keep search trails and reading lists, and share them",
    "annotate": "say how useful a record was, and that it was tried elsewhere",
    "alert": "save searches and be told what is new",
    "plan": "keep plans made from what was found",
    "submit": "send in case studies and answer reviewers",
    "review": "read, return and publish what was sent in",
    "edit": "change, merge, restrict and withdraw records",
    "vocabularies": "change terms and synonyms",
    "sources": "change sources and run crawls",
    "awards": "run award schemes and rounds",
    "judge": "score award entries",
    "accounts": "give roles, disable accounts",
    "operate": "see jobs, logs of changes and health",
}
"""Every permission and what it allows."""

_PRACTITIONER = ("trail", "annotate", "alert", "plan")
_LIBRARIAN = ("review", "edit", "vocabularies", "sources")
ROLES: dict[str, frozenset[str]] = {
    "visitor": frozenset({"read"}),
    "practitioner": frozenset({"read", *_PRACTITIONER}),
    "contributor": frozenset({"read", "submit"}),
    "librarian": frozenset({"read", *_PRACTITIONER, "submit", *_LIBRARIAN}),
    "awards": frozenset({"read", *_PRACTITIONER, "awards", "judge"}),
    "admin": frozenset(PERMISSIONS),
}
"""Each role and what it allows. A visitor needs no account."""

NEW_ACCOUNT_ROLES = ("practitioner", "contributor")
"""What somebody gets who signs up: their own work, and sending in what others then review."""


def may(account: Account | None, permission: str) -> bool:
    """Whether somebody may do this; None is a visitor without an account.

    An account that is not active may do what a visitor may. Raises KeyError for a permission that
    does not exist, so that a misspelt one never lets anybody through.
    """
    if permission not in PERMISSIONS:
        raise KeyError(permission)
    roles = ["visitor"]
    if account is not None and account.state == "active":
        roles += account.roles
    return any(permission in ROLES.get(role, ()) for role in roles)


def checked_roles(names: Iterable[str]) -> list[str]:
    """The roles in the table's order, each once. Raises RoleUnknown."""
    wanted = set(names)
    given = [role for role in ROLES if role != "visitor"]
    unknown = sorted(wanted - set(given))
    if unknown:
        raise RoleUnknown(
            f"There is no role '{unknown[0]}' to give. Roles are: {', '.join(given)}."
        )
    return [role for role in given if role in wanted]
