"""Who wrote a document, out of the line that says so."""

import re

from kb.named_people import is_post_or_body


def people_of(value: str) -> list[str]:
    """The authors in "A Name, Head of Something" or "A Name; B Name and C Name".

    Posts and the bodies they are at are left out.
    """
    people = re.split(r"\s*;\s*|\s+and\s+|\s+&\s+", value) if ";" in value else [value]
    if len(people) == 1 and "," in value:
        # After a comma comes the next name, or a post and the body it is at; a post may have small
        # words in it, and what a body is called need not show that it is one.
        first, *others = [part.strip() for part in value.split(",") if part.strip()] or [value]
        if any(re.search(r"\b[a-z]", part) for part in others):
            return [first]
        people = [part for part in others if not is_post_or_body(part)]
        if len(people) < len(others):
            people = [part for part in people if len(part.split()) > 1]
        return [first, *people]
    return [person.split(",")[0].strip() for person in people if person.strip()]
