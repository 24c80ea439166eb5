"""How one field of a record is defined, and how definitions are read back from a model.

A field is declared once, with `field(...)`, on a model in `groups/` or `parts/`. Everything
that treats fields alike (validation, forms, record page, exports, API, index) loops over the
`FieldSpec`s that `specs_of(model)` reads from there.
"""

from dataclasses import dataclass
from functools import cache
from inspect import get_annotations
from typing import Annotated, Any, ClassVar, Literal, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo

from kb.errors import TermUnknown
from kb.records.values import clean_text, real_date, web_address
from kb.vocabularies import Vocabulary, vocabulary

Kind = Literal["text", "texts", "term", "terms", "number", "flag", "date", "url", "row", "rows"]
Asked = Literal["all", "curators", "nobody"]

MAX_TEXT = 20_000  # characters in one text field: a dozen printed pages, far over any word limit
MAX_ROWS = 200  # rows or values in one list


@dataclass(frozen=True)
class FieldSpec:
    """What is true of a field everywhere: one definition from which all else is driven.

    `required` is the step that needs it ("submit" or "publish") or None; `any_of` names a set of
    fields of which one is enough; `words` is the word limit; `weight` counts in completeness;
    `section` is the passage its text is searched in (None: not searched); `searched` is False for
    columns that search leaves out; rows that others point to by number are `numbered`; `columns`
    are the definitions inside a row. `asked` is whom the form asks for it; `why` tells a
    contributor who left it empty what readers then miss.
    """

    name: str
    title: str
    help: str
    example: str
    kind: Kind
    group: str
    vocabulary: str | None
    required: Literal["submit", "publish"] | None
    any_of: str | None
    words: int | None
    weight: int
    section: str | None
    searched: bool
    numbered: bool
    long: bool
    asked: Asked
    why: str
    columns: tuple["FieldSpec", ...]

    @property
    def many(self) -> bool:
        """Whether the value is a list."""
        return self.kind in ("texts", "terms", "rows")


_SPEC = "definition"  # key inside pydantic's json_schema_extra


def field(
    title: str,
    help: str = "",
    *,
    default: Any = "",
    vocabulary: str | None = None,
    example: str = "",
    submit: bool = False,
    publish: bool = False,
    any_of: str | None = None,
    words: int | None = None,
    weight: int = 0,
    searched: bool | None = None,
    section: str | None = None,
    numbered: bool = False,
    long: bool | None = None,
    asked: Asked = "all",
    why: str = "",
    ge: float | None = None,
    le: float | None = None,
    max_length: int | None = None,
) -> Any:
    """Declare one field. `default` is the empty value: "" for text, [] for lists, else None.

    `searched` None means: words are, numbers, dates and addresses are not. `section` is the passage
    it is searched in, when not its group's. `long` None means: has a word limit over 20.
    """
    extra: dict[str, Any] = {
        _SPEC: {
            "vocabulary": vocabulary,
            "example": example,
            "required": "submit" if submit else "publish" if publish else None,
            "any_of": any_of,
            "words": words,
            "weight": weight,
            "searched": searched,
            "section": section,
            "numbered": numbered,
            "long": bool(words and words > 20) if long is None else long,
            "asked": asked,
            "why": why,
        }
    }
    limits: dict[str, Any] = {}
    if isinstance(default, list):
        limits["max_length"] = MAX_ROWS if max_length is None else max_length
    elif isinstance(default, str):
        limits["max_length"] = MAX_TEXT if max_length is None else max_length
    if ge is not None:
        limits["ge"] = ge
    if le is not None:
        limits["le"] = le
    return Field(
        default=default, title=title, description=help or None, json_schema_extra=extra, **limits
    )


class Part(BaseModel):
    """Base of PracticeIn and of the rows inside it: cleans text, resolves vocabulary terms."""

    model_config = ConfigDict(extra="forbid", validate_assignment=False)

    @model_validator(mode="before")
    @classmethod
    def _drop_empty(cls, data: Any) -> Any:
        # An empty YAML or CSV value means "not given".
        if not isinstance(data, dict):
            return data
        return {name: value for name, value in data.items() if value is not None}

    @field_validator("*", mode="before")
    @classmethod
    def _tidy(cls, value: Any, info: ValidationInfo) -> Any:
        return _resolved(_vocabularies_of(cls)[str(info.field_name)], value)


@cache
def _vocabularies_of(model: type[Part]) -> dict[str, str | None]:
    """The vocabulary of each field: asked a hundred times for each record that is read."""
    return {name: _extra(info)["vocabulary"] for name, info in model.model_fields.items()}


def _resolved(vocabulary_id: str | None, value: Any) -> Any:
    """Text cleaned; a vocabulary's label or alternative label turned into its code."""
    if isinstance(value, str):
        value = clean_text(value)
        if vocabulary_id and value:
            return _code(vocabulary(vocabulary_id), value)
        return value
    if isinstance(value, list):
        cleaned = [clean_text(item) if isinstance(item, str) else item for item in value]
        cleaned = [item for item in cleaned if item not in ("", None)]
        if vocabulary_id and cleaned:
            terms = vocabulary(vocabulary_id)
            codes = [_code(terms, v) if isinstance(v, str) else v for v in cleaned]
            return list(dict.fromkeys(codes)) if all(isinstance(c, str) for c in codes) else codes
        return cleaned
    return value


def _code(terms: Vocabulary, text: str) -> str:
    if text in terms:
        return terms.current(text)
    try:
        return terms.resolve(text)
    except TermUnknown as error:
        raise ValueError(str(error)) from None


def _extra(info: FieldInfo) -> dict[str, Any]:
    extra = info.json_schema_extra
    return dict(extra[_SPEC]) if isinstance(extra, dict) and _SPEC in extra else {}  # type: ignore[arg-type]


class Group(BaseModel):
    """Mixin that marks which group of the record a set of fields belongs to."""

    GROUP: ClassVar[str] = ""


# The passage that a group's text is searched in; groups that are not named are not searched.
_SECTION_OF_GROUP = {
    "identity": "summary",
    "scanning": "scanning",
    "analysis": "analysis",
    "response": "response",
    "assessment": "assessment",
    "recognition": "summary",
}


def _bare(annotation: Any) -> Any:
    """The type inside Optional and Annotated."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
            continue
        options = [arg for arg in get_args(annotation) if arg is not type(None)]
        if type(None) in get_args(annotation) and len(options) == 1:
            annotation = options[0]
            continue
        return annotation


def _kind(info: FieldInfo, vocabulary_id: str | None) -> tuple[Kind, type[Part] | None]:
    validators = [item for item in info.metadata if isinstance(item, (AfterValidator,))]
    functions = {item.func for item in validators}
    if real_date in functions:
        return "date", None
    if web_address in functions:
        return "url", None
    bare = _bare(info.annotation)
    if get_origin(bare) is list:
        inner = _bare(get_args(bare)[0])
        if isinstance(inner, type) and issubclass(inner, Part):
            return "rows", inner
        return ("terms" if vocabulary_id else "texts"), None
    if isinstance(bare, type) and issubclass(bare, Part):
        return "row", bare
    if bare is bool:
        return "flag", None
    if bare in (int, float):
        return "number", None
    return ("term" if vocabulary_id else "text"), None


@cache
def specs_of(model: type[Part]) -> tuple[FieldSpec, ...]:
    """The definitions of a model's fields, in the order they are declared."""
    found: list[FieldSpec] = []
    for name, info in model.model_fields.items():
        extra = _extra(info)
        owner = next(
            (base for base in model.__mro__ if name in get_annotations(base)),
            model,
        )
        group = getattr(owner, "GROUP", "")
        section = extra["section"] or _SECTION_OF_GROUP.get(group)
        kind, inner = _kind(info, extra["vocabulary"])
        if extra["searched"] is False or (
            extra["searched"] is None and kind in ("number", "flag", "date", "url")
        ):
            section = None
        found.append(
            FieldSpec(
                name=name,
                title=info.title or name,
                help=info.description or "",
                example=extra["example"],
                kind=kind,
                group=group,
                vocabulary=extra["vocabulary"],
                required=extra["required"],
                any_of=extra["any_of"],
                words=extra["words"],
                weight=extra["weight"],
                section=section,
                searched=extra["searched"] is not False,
                numbered=extra["numbered"],
                long=extra["long"],
                asked=extra["asked"],
                why=extra["why"],
                columns=specs_of(inner) if inner else (),
            )
        )
    return tuple(found)
