"""Fields made from the models of what people fill in, and what was posted read back for them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.records.definition import FieldSpec, Part, specs_of
from kb.records.errors import FieldError
from kb.records.rules import word_count
from kb.vocabularies import vocabulary
from web.forms.posted import Posted
from web.typed import plain_address, plain_date, plain_number


@dataclass(frozen=True)
class Option:
    """One choice of a field."""

    code: str
    label: str
    hint: str = ""
    chosen: bool = False
    depth: int = 0


@dataclass(frozen=True, kw_only=True)
class FieldView:
    """A field as the form shows it.

    `kind` is text, email, password, code, number, date, area, lines, select, radios or checks.
    An area shows `rows` lines. `words` is a word limit, `passage` what of a document the value was
    made from; with `explain` each choice stands with its definition.
    """

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    value: str = ""
    options: tuple[Option, ...] = ()
    error: str = ""
    autocomplete: str = ""
    prefix: str = ""
    example: str = ""
    rows: int = 4
    words: int | None = None
    passage: str = ""
    passage_note: str = ""
    explain: bool = False

    @property
    def id(self) -> str:
        """The id of its box; of a group, of its first box."""
        return f"{self.prefix}{self.name}"

    @property
    def many(self) -> bool:
        """Whether the choices are too many to stand open."""
        return len(self.options) > 15

    @property
    def counted(self) -> int:
        """How many words it holds."""
        return word_count(self.value)


_ONLY_GROUPING = {"usefulness_reasons"}
"""Vocabularies whose top terms stand for the group below them and are no choice themselves."""
_LEAF_KINDS = {"number": "number", "date": "date", "texts": "lines", "url": "text"}


def fields_of(
    model: type[Part],
    values: Mapping[str, Any] | Part | None = None,
    errors: Sequence[FieldError] = (),
    *,
    only: Sequence[str] = (),
    prefix: str = "",
) -> tuple[FieldView, ...]:
    """The fields of a model as its form shows them, in their order or in that of `only`."""
    specs = {spec.name: spec for spec in specs_of(model)}
    wrong = {error.field.partition(".")[0]: error.rule for error in errors}
    made = []
    for name in only or specs:
        value = getattr(values, name) if isinstance(values, Part) else (values or {}).get(name)
        made.append(view_of(specs[name], value, wrong.get(name, ""), prefix))
    return tuple(made)


def view_of(spec: FieldSpec, value: Any, error: str = "", prefix: str = "") -> FieldView:
    """One field that is not a row, with its value, as the form shows it."""
    hint = spec.help
    if spec.kind == "texts":
        hint = f"{hint} One on each line.".strip()
    elif spec.kind == "date":
        hint = f"{hint} Such as 5/3/2026, 3/2026 or 2026.".strip()
    view = FieldView(
        name=spec.name,
        label=spec.title,
        hint=hint,
        error=error,
        prefix=prefix,
        kind=_LEAF_KINDS.get(spec.kind, "area" if spec.long else "text"),
        value=_text(value),
    )
    if spec.kind == "flag":
        return replace(view, kind="radios", value="", options=_yes_or_no(value))
    if spec.vocabulary is None:
        return view
    chosen = value if isinstance(value, list) else [value] if value else []
    options = options_of(spec.vocabulary, chosen)
    if spec.many:
        return replace(view, kind="checks", options=options)
    return replace(view, kind="radios" if len(options) <= 8 else "select", options=options)


_FLAGS = {"yes": True, "no": False}


def _yes_or_no(value: Any) -> tuple[Option, ...]:
    return (
        Option("yes", "Yes", chosen=value is True),
        Option("no", "No", chosen=value is False),
        Option("", "Not stated", chosen=value not in (True, False)),
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(item) for item in value)
    return "" if value is None else str(value)


def options_of(vocabulary_id: str, chosen: Sequence[str] = ()) -> tuple[Option, ...]:
    """The terms of a vocabulary as choices, narrower ones under their broader."""
    terms = vocabulary(vocabulary_id)

    def below(parent: str | None, depth: int) -> Iterable[Option]:
        for term in terms.children(parent):
            if term.deprecated and term.code not in chosen:
                continue
            yield Option(term.code, term.label, term.definition, term.code in chosen, depth)
            yield from below(term.code, depth + 1)

    made = tuple(below(None, 0))
    if vocabulary_id in _ONLY_GROUPING:
        return tuple(replace(one, depth=one.depth - 1) for one in made if one.depth)
    return made


def values_of(model: type[Part], form: Posted, *, only: Sequence[str] = ()) -> dict[str, Any]:
    """What was posted for the fields of a model that the form held, as the model takes it.

    A group of boxes of which none is ticked sends nothing, so its form names it in `shown`.
    """
    shown = set(form.many("shown"))
    found: dict[str, Any] = {}
    for spec in specs_of(model):
        if only and spec.name not in only:
            continue
        if spec.name not in form and spec.name not in shown:
            continue
        found[spec.name] = leaf_of(spec, form, spec.name)
    return found


def leaf_of(spec: FieldSpec, form: Posted, name: str) -> Any:
    """What was posted under this name, as a field of this kind takes it."""
    if spec.kind == "texts":
        return [line.strip() for line in form.text(name).splitlines() if line.strip()]
    if spec.many:
        return form.many(name)
    if spec.kind == "flag":
        return _FLAGS.get(form.text(name))
    if spec.kind == "number":
        return plain_number(form.text(name)) or None
    if spec.kind == "date":
        return plain_date(form.text(name))
    if spec.kind == "url":
        return plain_address(form.text(name))
    if spec.kind == "term":
        return form.text(name).strip() or None
    return form.text(name)
