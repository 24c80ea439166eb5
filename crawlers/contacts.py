"""Ways to reach somebody that stand in a text. What may belong to one person is marked as such:
it is shown to a librarian, never published by itself."""

import re
from dataclasses import dataclass
from typing import Any

from kb.named_people import is_shared_mailbox

_EMAIL = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63}(?:@|\s?(?:\[at\]|\(at\))\s?)"
    r"(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,18}\b"
)
# Numbers of the British Isles and North America, and others that begin with a plus sign.
_PHONE = re.compile(
    r"(?<![\w/.-])(?:\+\d{1,3}[ .-]?(?:\(0\)[ ]?)?\d{1,5}(?:[ .-]?\d{2,5}){1,4}"
    r"|\(?0\d{2,5}\)?[ .-]?\d{3,4}(?:[ .-]?\d{3,4})?"
    r"|\(?[2-9]\d{2}\)?[ .-]\d{3}[ .-]\d{4})(?![\w/-])"
)
LEFT_OUT = "[contact left out]"
_FEWEST_DIGITS, _MOST_DIGITS = 9, 15
_AROUND = 80
_MOST = 50
_MOST_LETTERS = 2_000_000  # about eight hundred pages


@dataclass(frozen=True, slots=True)
class ContactFound:
    """An e-mail address or telephone number, with the words around it."""

    kind: str
    value: str
    personal: bool
    passage: str

    def as_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {
            "kind": self.kind,
            "value": self.value,
            "personal": self.personal,
            "passage": self.passage,
        }


def contacts_in(text: str) -> list[ContactFound]:
    """Every contact of a text once, in its order."""
    text = text[:_MOST_LETTERS]
    found: dict[str, ContactFound] = {}
    for match in _EMAIL.finditer(text):
        value = re.sub(r"\s?(?:\[at\]|\(at\))\s?", "@", match[0]).lower()
        personal = not is_shared_mailbox(value)
        found.setdefault(value, ContactFound("email", value, personal, _passage(text, match)))
    for match in _PHONE.finditer(text):
        if _is_phone(text, match):
            digits = re.sub(r"\D", "", match[0])
            # Whose line it is cannot be told from a number.
            found.setdefault(
                digits, ContactFound("phone", match[0].strip(), True, _passage(text, match))
            )
    return list(found.values())[:_MOST]


def without_contacts(text: str) -> str:
    """A text without its e-mail addresses and telephone numbers, for fields that are public."""
    text = _EMAIL.sub(LEFT_OUT, text)
    return _PHONE.sub(lambda match: LEFT_OUT if _long_enough(match) else match[0], text)


def _is_phone(text: str, match: re.Match[str]) -> bool:
    return _long_enough(match) and _speaks_of_phone(text, match)


def _long_enough(match: re.Match[str]) -> bool:
    return _FEWEST_DIGITS <= sum(map(str.isdigit, match[0])) <= _MOST_DIGITS


def _passage(text: str, match: re.Match[str]) -> str:
    around = text[max(0, match.start() - _AROUND) : match.end() + _AROUND]
    return re.sub(r"\s+", " ", around).strip()


def _speaks_of_phone(text: str, match: re.Match[str]) -> bool:
    """Whether words or the form of the number say that it is a telephone's."""
    before = text[max(0, match.start() - 40) : match.start()].lower()
    named = re.search(r"\b(?:tel|phone|telephone|call|fax|mobile|contact|ring|ext)\b", before)
    return bool(named) or match[0].startswith(("+", "0", "("))
