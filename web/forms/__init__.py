"""Forms: what was posted, the check that it came from our own page, and fields made from models."""

from web.forms.csrf import OWN_SECRET, FormRefused, FormStale, guard
from web.forms.fields import FieldView, Option, fields_of, leaf_of, options_of, values_of, view_of
from web.forms.posted import (
    CSRF,
    SAFE,
    Form,
    FormTooLarge,
    Posted,
    RowNumber,
    row_number,
)

__all__ = [
    "CSRF",
    "OWN_SECRET",
    "SAFE",
    "FieldView",
    "Form",
    "FormRefused",
    "FormStale",
    "FormTooLarge",
    "Option",
    "Posted",
    "RowNumber",
    "fields_of",
    "guard",
    "leaf_of",
    "options_of",
    "row_number",
    "values_of",
    "view_of",
]
