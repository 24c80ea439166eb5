"""/api/docs: the API for people, made from its OpenAPI description."""

import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from web import urls
from web.context import BaseContext, Link, render

router = APIRouter()


@dataclass(frozen=True)
class Parameter:
    """One parameter of an address."""

    name: str
    where: str
    description: str
    kind: str
    choices: tuple[str, ...]
    required: bool


@dataclass(frozen=True)
class Operation:
    """One address that can be asked."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[Parameter, ...]
    answers: tuple[tuple[str, str], ...]
    try_path: str


@dataclass(frozen=True)
class Shape:
    """An object that answers are made of."""

    name: str
    description: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """The whole API."""

    about: str
    operations: tuple[Operation, ...]
    shapes: tuple[Shape, ...]
    openapi_href: str


@router.get("/api/docs")
def api_docs(request: Request) -> HTMLResponse:
    """Every operation with its parameters, and a form that asks it."""
    described: dict[str, Any] = request.app.openapi()
    operations = [
        _operation(path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    context = Context(
        title="API",
        description=described["info"].get("description", ""),
        canonical=urls.absolute(request, "/api/docs"),
        crumbs=(Link("Home", urls.home()), Link("API")),
        about=described["info"].get("description", ""),
        operations=tuple(operations),
        shapes=tuple(
            _shape(name, schema)
            for name, schema in described.get("components", {}).get("schemas", {}).items()
            if schema.get("type") == "object"
        ),
        openapi_href=request.app.openapi_url,
    )
    return render(request, "api_docs", context)


def _operation(path: str, method: str, operation: dict[str, Any]) -> Operation:
    parameters = tuple(_parameter(item) for item in operation.get("parameters", []))
    in_path = any(parameter.where == "path" for parameter in parameters)
    return Operation(
        id=re.sub(r"\W+", "-", f"{method}{path}").strip("-"),
        method=method.upper(),
        path=path,
        summary=operation.get("summary", path),
        description=operation.get("description", ""),
        parameters=parameters,
        answers=tuple(
            (status, answer.get("description", ""))
            for status, answer in operation.get("responses", {}).items()
        ),
        # A plain form cannot fill in a part of the path, so those are described only.
        try_path="" if in_path or method != "get" else path,
    )


def _parameter(item: dict[str, Any]) -> Parameter:
    schema = item.get("schema", {})
    inner = schema.get("items", {})
    kind = f"list of {inner.get('type')}" if inner else schema.get("type", "")
    return Parameter(
        name=item["name"],
        where=item["in"],
        description=item.get("description", ""),
        kind=kind,
        choices=tuple(str(choice) for choice in schema.get("enum", ())),
        required=item.get("required", False),
    )


def _shape(name: str, schema: dict[str, Any]) -> Shape:
    return Shape(
        name,
        schema.get("description", ""),
        tuple(
            (field, _kind(prop), prop.get("description", ""))
            for field, prop in schema.get("properties", {}).items()
        ),
    )


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in schema:
        return " or ".join(_kind(option) for option in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")
