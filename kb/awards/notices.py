"""What people of a round are told by mail: its judges, and everybody who entered."""

from dataclasses import dataclass

from sqlmodel import Session

from kb.alerts import letters


@dataclass(frozen=True)
class _Letter:
    headline: str
    advice: str
    page: str


_LETTERS = {
    "appointed": _Letter(
        "You are asked to judge",
        "Say first which organisations and places you have an interest in. Entries can be read "
        "and marked once judging has begun; you get a mail then.",
        "judge",
    ),
    "judging": _Letter(
        "Judging has begun",
        "The entries wait for your marks. Names are hidden, and so are other judges' marks.",
        "judge",
    ),
    "received": _Letter(
        "We have your award entry",
        "You can read it, or take it back, until the results are out. You get a mail then, with "
        "feedback.",
        "entries",
    ),
    "ruled-out": _Letter(
        "Your award entry is not eligible",
        "What stands above is why.",
        "entries",
    ),
    "result": _Letter(
        "The result of your award entry is out",
        "Open it to read how far it got and the feedback.",
        "entries",
    ),
    "published": _Letter(
        "The results are published",
        "Thank you for judging.",
        "",
    ),
}


def tell(
    session: Session,
    who: str,
    what: str,
    *,
    title: str,
    path: str,
    number: int | None = None,
    reason: str = "",
) -> None:
    """Queue one of the mails above to an account.

    `title` and `path` are those of the round, `number` that of an entry.
    """
    letter = _LETTERS[what]
    steps = [path, letter.page, str(number or "")]
    letters.write_to(
        session,
        who,
        headline=letter.headline,
        title=title,
        advice=letter.advice,
        path="/".join(filter(None, steps)),
        reason=reason,
    )
