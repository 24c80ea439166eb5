"""Errors about records; the tree stands in kb/errors.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.errors import InputInvalid, KbError


@dataclass(frozen=True)
class FieldError:
    """One rule broken by one field: `field` is a path such as `results.2.outcome`."""

    field: str
    title: str
    rule: str
    value: str

    def __str__(self) -> str:
        given = f" (given: {self.value})" if self.value else ""
        return f"{self.field}: {self.rule}{given}"


_RULES = {
    "extra_forbidden": "there is no such field",
    "string_too_long": "use at most {max_length} characters",
    "string_too_short": "use at least {min_length} characters",
    "string_type": "must be text",
    "list_type": "must be a list",
    "model_type": "give its parts, each with its name, not one text",
    "int_parsing": "give a whole number, such as 12",
    "int_from_float": "give a whole number, such as 12",
    "int_type": "give a whole number, such as 12",
    "int_parsing_size": "this number is too large",
    "float_parsing": "give a number, such as 12.5",
    "float_type": "give a number, such as 12.5",
    "finite_number": "give a number, such as 12.5",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
}
"""What pydantic calls a broken rule, in words for people who fill in forms."""


def rule_of(item: Mapping[str, Any]) -> str:
    """The rule that an error of pydantic's tells of, in plain words."""
    kind, held = item["type"], item.get("ctx", {})
    if kind == "too_long":
        counted = "characters" if isinstance(item.get("input"), str) else "items"
        return f"use at most {held['max_length']} {counted}"
    if kind in _RULES:
        whole = {
            k: int(v) if isinstance(v, float) and v.is_integer() else v for k, v in held.items()
        }
        return _RULES[kind].format(**whole)
    return str(item["msg"]).removeprefix("Value error, ")


def _short(limit: object) -> object:
    # The limit of a decimal field is a decimal too, but nobody writes "0.0 or more".
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


class RecordInvalid(InputInvalid):
    """A record breaks one or more rules; `errors` lists field, rule and value of each."""

    def __init__(self, errors: list[FieldError], title: str = "") -> None:
        self.errors = errors
        named = f"'{title}': " if title else ""
        super().__init__(named + "; ".join(str(error) for error in errors))


class RecordNotFound(KbError):
    """No record has this id."""

    def __init__(self, record_id: str) -> None:
        self.record_id = record_id
        super().__init__(f"There is no record '{record_id}'. Try `kb search` to find it.")


class EditConflict(KbError):
    """Somebody else saved the record in between; nothing of this edit was kept."""

    def __init__(self, record_id: str, expected: int, found: int) -> None:
        self.record_id, self.expected, self.found = record_id, expected, found
        super().__init__(
            f"Record '{record_id}' is now at version {found}; this edit began from version "
            f"{expected}. Read the new version, then make the change again."
        )
