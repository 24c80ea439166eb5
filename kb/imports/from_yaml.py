"""YAML: one record, or a list of records, in the format of seeds/records."""

from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import yaml

from kb.errors import FileUnreadable
from kb.imports.plain import rows_of
from kb.imports.reading import Row, decode, read_bytes

NAME = "yaml"
LABEL = "YAML (the format of record files)"
EXTENSIONS = (".yaml", ".yml")
DOOR = "file"

_MAX_BYTES = 20_000_000
_MAX_DEPTH = 20

# libyaml's parser where the package has it: a large file takes seconds instead of minutes.
_Base: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc, valid-type]  # chosen at run time
    """The safe loader (plain values only, never objects) that also refuses a name given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        names: set[Any] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in names:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"'{key.value}' is given twice", key.start_mark
                    )
                names.add(key.value)
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return mapping


def read(path: Path) -> Iterator[Row]:
    """Every record of the file. Raises FileUnreadable saying where it is wrong."""
    text, warning = decode(read_bytes(path, _MAX_BYTES))
    try:
        _check_shape(text)
        data = yaml.load(text, Loader=_Loader)  # noqa: S506  the loader above is a safe one
    except yaml.YAMLError as error:
        raise FileUnreadable(f"Not YAML that can be used: {_told(error)}") from None
    except (ValueError, RecursionError) as error:
        # A date such as 2009-13-45 comes out of the library as a bare ValueError.
        raise FileUnreadable(f"Not YAML that can be used: {error}") from None
    yield from rows_of(data, warning)


def _told(error: yaml.YAMLError) -> str:
    """What is wrong, in one line, and in which line of the file."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return " ".join(str(error).split())
    return f"line {error.problem_mark.line + 1}: {error.problem}."


def _check_shape(text: str) -> None:
    """Refuse what makes a small file huge in memory, before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=_Base):
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line + 1 if event.start_mark else "?"
            raise FileUnreadable(
                f"Line {line} refers to another part of the file with '*'; write it out instead."
            )
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            depth += 1
            if depth > _MAX_DEPTH:
                raise FileUnreadable(f"Nested more than {_MAX_DEPTH} levels deep: no record is.")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            depth -= 1
