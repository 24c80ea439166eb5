"""Single values as every field keeps them: clean text, dates however exact, web addresses."""

import re
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field


def _as_text(value: Any) -> Any:
    """A year, year-month or full date as text; YAML and JSON may give a number or a date."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return f"{value:04d}"
    if isinstance(value, date):
        return value.isoformat()[:10]
    return value


def real_date(value: str) -> str:
    """The value, if it is empty or a year, month or day that there is. Raises ValueError."""
    if not value:
        return value
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", value)
    if not match:
        raise ValueError("give a year (2009), month (2009-04) or day (2009-04-30)")
    year, month, day = (int(part) if part else 1 for part in match.groups())
    if not 1800 <= year <= 2100:
        raise ValueError("the year must lie between 1800 and 2100")
    try:
        date(year, month, day)
    except ValueError:
        raise ValueError("there is no such day or month; give one such as 2009-04-30") from None
    return value


def web_address(value: str) -> str:
    """The value, if it is empty or an address that can be linked to. Raises ValueError."""
    if not value:
        return value
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        raise ValueError("not a web address") from None
    if parts.scheme not in ("http", "https") or not host or re.search(r"\s", value):
        raise ValueError("give a full web address that starts with http:// or https://")
    return value


PartialDate = Annotated[str, BeforeValidator(_as_text), AfterValidator(real_date)]
WebAddress = Annotated[str, AfterValidator(web_address), Field(max_length=2000)]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Text as it is kept: no control characters, no lone surrogates, one kind of line end."""
    if text.isprintable():  # so that it holds none of these, as most texts of one line
        return text.strip()
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
