"""YAML in the format of seeds/records: the fields alone, so that `kb add` takes it."""

from collections.abc import Iterable
from typing import Any

import yaml

from kb.exports.heading import fields_of
from kb.records import Practice

NAME = "yaml"
LABEL = "YAML (the format of record files)"
MEDIA_TYPE = "application/yaml"
EXTENSION = "yaml"


class _Dumper(yaml.SafeDumper):
    """Lists indented under their name, and no anchors: readers refuse those as a safety risk."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def represent_str(self, data: str) -> yaml.ScalarNode:
        # YAML takes these for line ends and would fold them into spaces unless they are coded.
        style = '"' if any(sign in data for sign in "\x85\u2028\u2029") else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(str, _Dumper.represent_str)


def write(records: Iterable[Practice]) -> bytes:
    """One record as a mapping, several as a list of mappings."""
    rows = [fields_of(record) for record in records]
    data: Any = rows[0] if len(rows) == 1 else rows
    text = yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return text.encode()
