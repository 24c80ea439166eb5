"""The form of a record, made from its definition: fields of a page, rows within it, and back."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kb.curation.sections import FormSection
from kb.records.definition import FieldSpec
from kb.records.errors import FieldError
from kb.records.practice import PracticeIn
from kb.records.rules import applies
from web.forms import FieldView, Option, Posted, leaf_of, view_of

_MOST_ROWS = 200


@dataclass(frozen=True)
class RowForm:
    """One row of a list: its number, a line that names it, and its fields."""

    number: int
    name: str
    fields: tuple[FieldView, ...]
    open: bool


@dataclass(frozen=True)
class RowsForm:
    """A list of rows, or one row that stands alone (`single`)."""

    name: str
    label: str
    hint: str
    error: str
    rows: tuple[RowForm, ...]
    single: bool
    kind: str = "rows"
    passage: str = ""
    passage_note: str = ""

    @property
    def id(self) -> str:
        """Where the page jumps to."""
        return f"rows-{self.name}"


Item = FieldView | RowsForm


def items_of(
    section: FormSection,
    content: Mapping[str, Any],
    *,
    errors: Sequence[FieldError] = (),
    passages: Mapping[str, Any] | None = None,
    add: str = "",
) -> tuple[Item, ...]:
    """The fields of a page with what stands in them; `add` names a list that gets a blank row."""
    record_type = str(content.get("record_type") or "project")
    made: list[Item] = []
    for spec in section.fields:
        value = content.get(spec.name, _default(spec))
        passage = (passages or {}).get(spec.name) or {}
        text, note = str(passage.get("text", "")), str(passage.get("note", ""))
        if spec.columns:
            rows = _rows(spec, value, errors, blank=add == spec.name)
            hint = _hint(spec, record_type)
            made.append(replace(rows, hint=hint, passage=text, passage_note=note))
            continue
        view = _asked(spec, value, errors, spec.name)
        hint = _hint(spec, record_type, view.hint)
        made.append(replace(view, hint=hint, passage=text, passage_note=note))
    return tuple(made)


def _default(spec: FieldSpec) -> Any:
    """What an untouched field stands for, where that is something."""
    value = PracticeIn.model_fields[spec.name].default
    return value if isinstance(value, str) and value else None


def _hint(spec: FieldSpec, record_type: str, hint: str = "") -> str:
    needed = ""
    if spec.required and applies(spec, record_type):
        when = "send it in" if spec.required == "submit" else "publish it"
        needed = f"One of these is needed to {when}." if spec.any_of else f"Needed to {when}."
    return " ".join(part for part in (hint or spec.help, needed) if part)


def _asked(spec: FieldSpec, value: Any, errors: Sequence[FieldError], name: str) -> FieldView:
    """A field under the name that it has in the page."""
    error = next((each.rule for each in errors if each.field == name), "")
    if not error and "." not in name:
        error = next((each.rule for each in errors if each.field.partition(".")[0] == name), "")
    view = view_of(spec, value, error)
    options = view.options
    if spec.kind == "term" and view.kind == "radios":
        options = (*options, Option("", "Not stated", chosen=not value))
    return replace(
        view,
        name=name,
        options=options,
        example=spec.example,
        words=spec.words,
        explain=view.kind == "radios" and spec.kind == "term",
    )


def _rows(spec: FieldSpec, value: Any, errors: Sequence[FieldError], *, blank: bool) -> RowsForm:
    single = spec.kind == "row"
    held: list[Any] = [value or {}] if single else list(value or [])
    if blank and not single and len(held) < _MOST_ROWS:
        held.append({})
    whole = next((each.rule for each in errors if each.field == spec.name), "")
    rows = []
    for number, row in enumerate(held, 1):
        told = row if isinstance(row, dict) else {}
        fields = tuple(
            _asked(
                column,
                told.get(column.name),
                [_as_row(each, spec.name) for each in errors] if single else errors,
                f"{spec.name}.{number}.{column.name}",
            )
            for column in spec.columns
        )
        wrong = any(view.error for view in fields)
        rows.append(RowForm(number, _row_name(spec, told), fields, single or not told or wrong))
    return RowsForm(spec.name, spec.title, spec.help, whole, tuple(rows), single)


def _as_row(error: FieldError, name: str) -> FieldError:
    """An error in a row that stands alone, named as if it were the first of a list."""
    outer, _, inner = error.field.partition(".")
    return replace(error, field=f"{outer}.1.{inner}") if outer == name and inner else error


def _row_name(spec: FieldSpec, row: Mapping[str, Any]) -> str:
    """What a folded row is called: the first of its texts that says something."""
    for column in spec.columns:
        value = row.get(column.name)
        if value and column.vocabulary is None and isinstance(value, str):
            return value[:120]
    for column in spec.columns:
        value = row.get(column.name)
        if value and column.vocabulary and isinstance(value, str):
            view = view_of(column, value)
            return next((one.label for one in view.options if one.chosen), value)
    return ""


def flat(items: Sequence[Item]) -> tuple[FieldView, ...]:
    """Every single field of a page, those within rows too: for the summary of errors."""
    found: list[FieldView] = []
    for item in items:
        if isinstance(item, RowsForm):
            if item.error:
                found.append(FieldView(name=item.id, label=item.label, error=item.error))
            found += [view for row in item.rows for view in row.fields]
        else:
            found.append(item)
    return tuple(found)


def posted(section: FormSection, form: Posted, *, without: str = "") -> dict[str, Any]:
    """What was typed in a page; `without` names a row to leave out, such as `results.2`."""
    found: dict[str, Any] = {}
    base = base_of(section, form)
    for spec in section.fields:
        before = base.get(spec.name)
        if not spec.columns:
            found[spec.name] = _leaf(spec, form, spec.name, before)
            continue
        earlier = before if isinstance(before, list) else [before]
        rows = [
            {
                column.name: _leaf(
                    column,
                    form,
                    f"{spec.name}.{number}.{column.name}",
                    _column(earlier, number, column.name),
                )
                for column in spec.columns
            }
            for number in _numbers(spec, form)
            if f"{spec.name}.{number}" != without
        ]
        told = [{n: v for n, v in row.items() if v not in (None, "", [])} for row in rows]
        found[spec.name] = (told[0] if told else None) if spec.kind == "row" else told
    return found


def row_posted(section: FormSection, form: Posted, about: str) -> dict[str, Any]:
    """What was typed in the row of this name, such as `results.2`; nothing for a blank one."""
    name = about.partition(".")[0]
    rows, others = (posted(section, form, without=out).get(name) for out in ("", about))
    if not isinstance(rows, list) or not isinstance(others, list):
        return {}
    at = next((i for i, row in enumerate(others) if row != rows[i]), len(others))
    return dict(rows[at]) if len(rows) > len(others) else {}


def _column(rows: list[Any], number: int, name: str) -> Any:
    row = rows[number - 1] if 0 < number <= len(rows) else None
    return row.get(name) if isinstance(row, dict) else None


def _leaf(spec: FieldSpec, form: Posted, name: str, before: Any) -> Any:
    """What was posted; ticked terms in the order that they stood in, or nothing would seem changed.

    A page lists terms as their vocabulary does.
    """
    value = leaf_of(spec, form, name)
    if spec.kind == "terms" and isinstance(before, list):
        return sorted(value, key=lambda one: before.index(one) if one in before else len(before))
    return value


def _numbers(spec: FieldSpec, form: Posted) -> list[int]:
    pattern = re.compile(rf"{spec.name}\.(\d{{1,3}})\.")
    seen = {int(found[1]) for key, _ in form.pairs if (found := pattern.match(key))}
    return sorted(seen)[:_MOST_ROWS]


def base_text(section: FormSection, content: Mapping[str, Any]) -> str:
    """What the page shows, to be sent back with it: what was changed is told by comparing."""
    shown = {spec.name: content.get(spec.name) for spec in section.fields if spec.name in content}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def base_of(section: FormSection, form: Posted) -> dict[str, Any]:
    """What the page had shown; nothing when that was not sent or is no such thing."""
    try:
        told = json.loads(form.text("base") or "{}")
    except (ValueError, RecursionError):
        return {}
    names = {spec.name for spec in section.fields}
    if not isinstance(told, dict):
        return {}
    return {name: value for name, value in told.items() if name in names}
