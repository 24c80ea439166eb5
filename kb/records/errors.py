"""Errors about records; the tree stands in kb/errors.py."""

from dataclasses import dataclass

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
