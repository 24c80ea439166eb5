"""Entries: begun, written, sent in, reviewed, decided. Each step writes its audit entry with it."""

from kb.curation.reviewing import (
    ask_for_changes,
    claim,
    decline,
    publish,
    release,
    review_collected,
    set_due,
)
from kb.curation.sending import (
    appeal,
    discard,
    problems,
    reopen,
    submit,
    take_back,
)
from kb.curation.writing import (
    Written,
    begin,
    choose,
    joined,
    mine,
    of_record,
    write,
)

__all__ = [
    "Written",
    "appeal",
    "ask_for_changes",
    "begin",
    "choose",
    "claim",
    "decline",
    "discard",
    "joined",
    "mine",
    "of_record",
    "problems",
    "publish",
    "release",
    "reopen",
    "review_collected",
    "set_due",
    "submit",
    "take_back",
    "write",
]
