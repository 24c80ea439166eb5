"""What a text tells of a person that is not for everybody: a name, an age, an address, a number.

What is found may be public already; whoever publishes decides.
"""

import re
from collections.abc import Iterator

from kb.named_people import is_shared_mailbox, named_people

_AGED = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)?,? (?:aged|\(aged|,) ?\d{1,2}\b")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)(?:\+44\s?|0)\d(?:[\s-]?\d){8,9}(?!\d)")


def personal_details(text: str) -> Iterator[str]:
    """Each as it stands in the text: names first, then ages, mailboxes of one person, numbers."""
    for person in named_people(text):
        yield person.name
    for pattern in (_AGED, _ADDRESS, _PHONE):
        for match in pattern.finditer(text):
            if pattern is not _ADDRESS or not is_shared_mailbox(match[0]):
                yield match[0]
