"""Errors of the knowledge base.

KbError                     what a person can be told; the message says what to do next
├── SettingsInvalid         a KB_ setting has a value that cannot be used
├── StoreUnavailable        the database cannot be opened, or has not been migrated
├── VocabularyInvalid       a file under seeds/vocabularies cannot be used
│   └── TermUnknown         a code that its vocabulary does not hold
├── InputInvalid            input from outside (file, form, page) cannot be used
│   ├── RecordInvalid       a record breaks a rule (kb.records.errors)
│   └── FileUnreadable      a file given to a command cannot be read
├── RecordNotFound          no record with that id (kb.records.errors)
├── EditConflict            the record changed since it was read (kb.records.errors)
└── JobUnknown              a queued job names a task that nothing here can run

Folders that have errors of their own draw their part of the tree in their errors.py.
"""


class KbError(Exception):
    """Base of every error that is shown to a person as it stands."""


class SettingsInvalid(KbError):
    """A setting cannot be used; the message names it and what it accepts."""


class StoreUnavailable(KbError):
    """The database cannot be opened or is behind the code; run `kb init` or `kb migrate`."""


class VocabularyInvalid(KbError):
    """A vocabulary file is missing, malformed or contradicts itself."""


class TermUnknown(VocabularyInvalid):
    """A code or label is not in its vocabulary; the message offers the nearest terms."""


class InputInvalid(KbError):
    """Input from outside cannot be used; nothing of it was kept."""


class FileUnreadable(InputInvalid):
    """A file cannot be read; the message says why and what would be accepted."""


class JobUnknown(KbError):
    """A queued job names a task that no installed folder can run."""
