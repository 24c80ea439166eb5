"""What people type about themselves: e-mail addresses and names, checked and in one form."""

import hashlib
import unicodedata

from email_validator import EmailNotValidError, validate_email

from kb.accounts.errors import EmailInvalid, NameInvalid

NAME_LENGTH = 80
ERASED_NAME = "Former member"
"""What is shown for somebody whose account was erased."""


def checked_email(text: str) -> str:
    """An address that mail can be sent to, in plain ASCII. Raises EmailInvalid."""
    try:
        # Only the form is looked at: no name server is asked, so none learns who signs up.
        found = validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError as error:
        raise EmailInvalid(f"That e-mail address cannot be used: {error}") from None
    return found.ascii_email or found.normalized


def email_key(email: str) -> str:
    """What tells addresses apart: the same for every way of writing it in capitals."""
    return email.strip().casefold()


def attempt_key(text: str) -> str:
    """A short stand-in for an address somebody tried, so that the address itself is not kept."""
    typed = text.strip()[:320]
    try:
        key = email_key(checked_email(typed))
    except EmailInvalid:
        key = email_key(typed)
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def checked_name(text: str, *, label: str = "Name", required: bool = True) -> str:
    """A name in one line without anything invisible. Raises NameInvalid."""
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if required and not name:
        raise NameInvalid(f"{label}: type at least one character.")
    if len(name) > NAME_LENGTH:
        raise NameInvalid(f"{label}: use at most {NAME_LENGTH} characters.")
    # Control and direction marks could make a name look like somebody else's; C also holds
    # surrogates, private use and unassigned code points.
    if any(unicodedata.category(character).startswith("C") for character in name):
        raise NameInvalid(f"{label}: remove the characters that cannot be seen.")
    return name
