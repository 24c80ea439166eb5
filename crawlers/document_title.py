"""What a document is called, by what it states or by its first lines."""

import re
from collections.abc import Iterator, Sequence

from crawlers.document import Block, Document
from crawlers.furniture import is_furniture, without_marking
from crawlers.stages import Heading, heading_of

_MOST_WORDS = 30
_MOST_LETTERS = 300  # more is text that somebody put there
_FIRST, _LABELLED_FIRST = 8, 15
# What a program or a template put where a title should be.
_BY_MACHINE = re.compile(
    r"(?:microsoft word - |untitled|document\d*$|slide \d+|(?:new )?template\b|.*\btemplate$|"
    r"\S*_\S*$|.*\.(?:docx?|pdf|indd|qxd|p65|odt|rtf|txt|pptx?)$).*",
    re.I,
)
_LABEL = re.compile(
    r"(?:title|subject|re|(?:project|problem|scheme|initiative|programme|report|operation|entry)"
    r"(?: (?:name|title))?|"
    r"(?:name|title) of (?:the |your )?(?:project|scheme|initiative|programme|report|entry))"
    r"(?:\s*:(?:\s*\|)?|\s*\|)\s*(?P<title>[^\s|].*)",
    re.I,
)
# A kind of document, which does not say what this one is about.
_KIND = re.compile(
    r"\W*(?:\d[\d.]*\)?\s+)?(?:a |the )?"
    r"(?:.{0,40}\bform\b(?:\s+(?:19|20)\d\d)?|"
    r"(?:problem[- ]solving|o?sara)(?: plan| template| report)?(?: \(\w+\))?|"
    r"briefing(?: note| paper)?|good practice(?: guide| example)?|case study|"
    r"memo(?:randum)?|report|covering (?:letter|report)|letter|application|submission|newsletter|"
    r"(?:press|news|media) (?:release|notice)|minutes|agenda|foreword|introduction|"
    r"purpose(?: of (?:the |this )?(?:report|paper))?|"
    r"(?:executive |management )?summary|(?:table of )?contents|abstract|overview|about us|"
    r"acknowledge?ments)"
    r"(?: (?:for|to|of|by|from) (?:the )?[\w' ]{1,40})?\W*",
    re.I,
)
_REPORT_OF = re.compile(r"(?:report|paper|letter|memo|note)\s+(?:of|by|from|to)\b", re.I)
_OF_WHAT = re.compile(r"\W*[\w-]+\s*(?:(?:of|into|on|from|to|for)\b|[:\u2013-])", re.I)
_NAME = re.compile(r"[^\W\d_]{4}|[^\W\d_]{3}\W+[^\W\d_]{3}")
_MOST_NAME = 6  # words of a title that ends as a sentence does
_STOPS = tuple(".!?;,")


def title_of(document: Document) -> str:
    """The stated title when it is one, else what the first lines call it; "" when they do not.

    A letterhead, a protective marking, a greeting, a file name or a page number is no title.
    """
    stated = document.title[:_MOST_LETTERS]
    if stated and not _BY_MACHINE.fullmatch(stated) and not is_furniture(stated):
        return stated
    at = title_block(document.blocks)
    labelled = next(_labelled(document.blocks), "")
    if at is None:
        return labelled
    found = without_marking(document.blocks[at].text)
    label = _LABEL.fullmatch(found)
    form = next((n for n, one in enumerate(document.blocks) if _LABEL.fullmatch(one.text)), at)
    if labelled and (
        form < at or label or _KIND.fullmatch(found) or document.blocks[at].kind != "heading"
    ):
        return labelled
    return found[:_MOST_LETTERS]


def title_block(blocks: Sequence[Block]) -> int | None:
    """The number of the block that is the title, if one of the first is.

    A heading goes before a plain line, and what says only which kind of document it is comes last.
    """
    headings: list[int] = []
    lines: list[int] = []
    kinds: list[int] = []
    for number, block in enumerate(blocks[:_FIRST]):
        if is_furniture(block.text):
            continue
        told = block.kind == "text" and _is_sentence(block.text)
        if told and (headings or (lines and not _is_sentence(blocks[lines[0]].text))):
            break
        heading = heading_of(block.text, alone=block.kind == "heading")
        # A title, or a line of a form, may begin as a heading does: "EVALUATION: Quiet Streets".
        if heading and not names_more(heading, block.text):
            break
        if _KIND.fullmatch(block.text) or _REPORT_OF.match(block.text):
            kinds.append(number)
        elif not _NAME.search(block.text):
            continue
        elif block.kind == "heading" and not block.text.endswith(":"):
            headings.append(number)
        elif not lines and _fits(block.text) and not (told and number):
            lines.append(number)
    if lines and kinds and _is_sentence(blocks[lines[0]].text):
        lines = []
    return next(iter([*headings, *lines, *kinds]), None)


def names_more(heading: Heading, text: str) -> bool:
    """Whether the words of a heading also say what it is about, as a title does: "Evaluation of
    Quiet Streets", not "Evaluation" and not "Evaluation: the scheme worked."."""
    if len(heading.stages) != 1 or text.endswith(_STOPS):
        return False
    told = heading.rest or text[len(heading.name) :]
    if told:
        return len(told.split()) <= _MOST_WORDS and told[:1].isupper()
    return bool(_OF_WHAT.match(text)) and bool(re.search(r"\s[A-Z]", text))


def _labelled(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks[:_LABELLED_FIRST]:
        label = _LABEL.fullmatch(block.text)
        if label and _fits(label["title"]) and not is_furniture(label["title"]):
            yield label["title"]


def _is_sentence(text: str) -> bool:
    return (text.endswith(_STOPS) and len(text.split()) > _MOST_NAME) or text[:1].islower()


def _fits(text: str) -> bool:
    return len(text) <= _MOST_LETTERS and len(text.split()) <= _MOST_WORDS
