"""What a vocabulary and a term are. SKOS-shaped: code is the notation, label the prefLabel."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kb.errors import TermUnknown

_FEW = 8  # terms that an error can name one by one


def _folded(text: str) -> str:
    """Lower case, with every run of punctuation or space as one space: how labels are compared."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


class Term(BaseModel):
    """One concept of a vocabulary."""

    # Some vocabularies say more of a term (a licence: may we store the text?); kept as extras.
    model_config = ConfigDict(frozen=True, extra="allow")

    code: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    label: str = Field(min_length=1)
    definition: str = Field(min_length=1)
    broader: str | None = None
    alt: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    note: str = ""
    value: float | None = None
    deprecated: bool = False
    replaced_by: str | None = None

    def flag(self, name: str) -> bool:
        """A yes-or-no property that only this vocabulary gives its terms, such as `store_full`."""
        return bool((self.model_extra or {}).get(name, False))


class Vocabulary(BaseModel):
    """A list of terms, at most a few levels deep."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    number: str = ""
    title: str
    definition: str
    ordered: bool = False
    origin: str
    flags: dict[str, str] = {}
    """What the extra properties of this vocabulary's terms mean."""
    terms: tuple[Term, ...]

    @field_validator("number", mode="before")
    @classmethod
    def _number_as_text(cls, value: Any) -> str:
        return str(value or "")

    @model_validator(mode="after")
    def _consistent(self) -> "Vocabulary":
        codes = [term.code for term in self.terms]
        twice = {code for code in codes if codes.count(code) > 1}
        if twice:
            raise ValueError(f"codes used twice: {', '.join(sorted(twice))}")
        known = set(codes)
        for term in self.terms:
            for other in (term.broader, term.replaced_by, *term.related):
                if other is not None and other not in known:
                    raise ValueError(f"{term.code} points to {other}, which is not a code here")
        for term in self.terms:
            seen = {term.code}
            step = term.broader
            while step is not None:
                if step in seen:
                    raise ValueError(f"{term.code} is broader than itself")
                seen.add(step)
                step = next(t.broader for t in self.terms if t.code == step)
        return self

    @cached_property
    def _by_code(self) -> dict[str, Term]:
        return {term.code: term for term in self.terms}

    @cached_property
    def _by_label(self) -> dict[str, str]:
        """Folded code, label or alternative label to code; labels win over alternatives."""
        found: dict[str, str] = {}
        for names in (
            [(t.code, t.code) for t in self.terms],
            [(t.label, t.code) for t in self.terms],
            [(alt, t.code) for t in self.terms for alt in t.alt],
        ):
            for name, code in names:
                found.setdefault(_folded(name), code)
        return found

    @cached_property
    def _lists_of_parts(self) -> set[tuple[str, str]]:
        """Codes, each with an alternative label that lists a narrower term behind "and"."""
        return {
            (term.broader, name)
            for term in self.terms
            if term.broader in self._by_code
            for name in self._by_code[term.broader].alt
            if f" and {_folded(term.label)} " in f"{_folded(name)} "
        }

    def other_names(self, code: str) -> tuple[str, ...]:
        """The alternative labels of a term by which it is looked for; none of an unknown code.

        One that lists a narrower term is left out: whoever looks for Northern Ireland does not
        mean the whole of "the United Kingdom of Great Britain and Northern Ireland".
        """
        term = self._by_code.get(code)
        names = term.alt if term else ()
        return tuple(name for name in names if (code, name) not in self._lists_of_parts)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __iter__(self) -> Iterator[Term]:  # type: ignore[override]  # a list of terms, not pairs
        return iter(self.terms)

    def term(self, code: str) -> Term:
        """The term with this code. Raises TermUnknown."""
        try:
            return self._by_code[code]
        except KeyError:
            raise TermUnknown(self._unknown(code)) from None

    def label(self, code: str) -> str:
        """The term's label, or the code itself where the vocabulary no longer holds it."""
        term = self._by_code.get(code)
        return term.label if term else code

    def resolve(self, text: str) -> str:
        """The code that a code, label or alternative label stands for. Raises TermUnknown.

        A term that was merged into another stands for that one.
        """
        code = self._by_label.get(_folded(text))
        if code is None:
            raise TermUnknown(self._unknown(text))
        return self.current(code)

    def current(self, code: str) -> str:
        """The code that is used for this one now: its own, or what it was merged into."""
        seen = {code}
        while (term := self._by_code.get(code)) is not None and term.replaced_by:
            if term.replaced_by in seen:
                break
            code = term.replaced_by
            seen.add(code)
        return code

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Codes of the broader terms, nearest first; empty for a top or unknown code."""
        found: list[str] = []
        term = self._by_code.get(code)
        while term is not None and term.broader is not None:
            found.append(term.broader)
            term = self._by_code[term.broader]
        return tuple(found)

    def children(self, code: str | None) -> tuple[Term, ...]:
        """Terms directly under a code; the top terms for None."""
        return tuple(term for term in self.terms if term.broader == code)

    def _unknown(self, text: str) -> str:
        near = get_close_matches(_folded(text), list(self._by_label), n=3, cutoff=0.6)
        codes = list(dict.fromkeys(self._by_label[name] for name in near))
        hint = f"; did you mean {' or '.join(codes)}?" if codes else ""
        current = [term.code for term in self.terms if not term.deprecated]
        if not codes and 0 < len(current) <= _FEW:
            hint = f"; its terms are {', '.join(current)}"
        return f"'{text[:80]}' is not a term of {self.title.lower()}{hint}"
