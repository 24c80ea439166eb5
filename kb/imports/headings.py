"""A document's lines as sections: told by Markdown headings, bold lines, or lines standing alone.

Documents come out of PDF and Word converters, so headings may be damaged by tabs, two may run into
one line, and the running title of a page may return in the middle of the text.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher

# Headings that documents of this field share; known even when a converter damaged them.
_KNOWN = (
    "Abstract",
    "Background",
    "Conclusion",
    "Executive summary",
    "Introduction",
    "Knowledge and understanding",
    "Overview",
    "Performance criteria",
    "Summary",
    "Target group",
)
# Those whose parts mean little without the name of the whole.
_CARRIED = ("Knowledge and understanding", "Performance criteria")
_KNOWN_LETTERS = {re.sub(r"[^a-z]", "", name.lower()): name for name in _KNOWN}

_ATX = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_LINK_TAIL = re.compile(r"\s*(\(\s*\[[^\]]*\]\(.*\)\s*\))\**$")
_BOLD = re.compile(r"\*\*([^*]+)\*\*$")
_LINK = re.compile(r"\[([^\]]*)\]\((?:[^()]|\([^()]*\))*\)")
_BULLET = re.compile(r"^([-*•\u2013]|\(?[a-z0-9]{1,3}[.)]|\d+(\.\d+)*)\s", re.IGNORECASE)
_CHAPTER = re.compile(r"\d{1,2}[.)]\s+\S")

_ALIKE = 0.93  # share of letters that a damaged heading has in common with the sound one
_MOST_WORDS = 16  # in a heading; a longer line is a sentence
_MOST_ABOVE = 8  # words of a heading that stands right above its text
_LONGER = 2  # times that such a text's first line is as long as its heading
_RETURNS = 3  # times a line must stand alone to be a page's running title

_BOLD_LEVEL, _PLAIN_LEVEL = 7, 2


@dataclass
class Section:
    """A heading with the text under it; level 1 is the highest, 0 what comes before any."""

    heading: str
    level: int
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text with single blank lines between paragraphs."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip()


def plain(text: str) -> str:
    """A line without Markdown's marks: bold, links and the brackets left empty by them."""
    without_links = _LINK.sub(r"\1", text).replace("\\_", "_")
    return " ".join(re.sub(r"\*\*|__|`", "", without_links).split())


def known_heading(line: str) -> str:
    """The shared heading that a line is, perhaps damaged; empty when it is none."""
    letters = re.sub(r"[^a-z]", "", line.lower())
    if letters in _KNOWN_LETTERS:
        return _KNOWN_LETTERS[letters]
    if len(letters) >= 12:
        for known, name in _KNOWN_LETTERS.items():
            # Lengths that differ cannot be so alike; to compare the letters takes long.
            near = 2 * min(len(known), len(letters)) >= _ALIKE * (len(known) + len(letters))
            if near and SequenceMatcher(None, known, letters).ratio() >= _ALIKE:
                return name
    return ""


def lines_of(text: str) -> list[str]:
    """The document's lines; what a converter ran together is parted again."""
    found: list[str] = []
    for raw in re.split(r"\r\n|\r|\n|\f|\x0b", text):
        line = raw.replace("\u00a0", " ").replace("\ufeff", "").rstrip()
        found += re.sub(r"(?<=\S)\*{4}(?=\S)", "**\n\n**", line).split("\n")
    return found


def running_lines(lines: list[str]) -> set[str]:
    """Lines that return on every page: short, standing alone, and there at least three times."""
    counts = Counter(
        lines[at].strip()
        for at in range(len(lines))
        if _alone(lines, at) and not lines[at].strip().endswith((":", ".", ";"))
    )
    return {
        line
        for line, count in counts.items()
        if count >= _RETURNS and len(line.split()) <= 25 and not line.startswith("#")
    }


def sections(lines: list[str]) -> list[Section]:
    """The document as sections in order; the first may have no heading."""
    marked = any(_ATX.match(line) for line in lines)
    found = [Section("", 0)]
    for at, line in enumerate(lines):
        heading = _heading(lines, at, marked)
        if heading:
            title, level, tail = heading
            found.append(Section(title, level, [tail, ""] if tail else []))
        else:
            found[-1].lines.append(line.replace("\t", " ").strip() if "\t" in line else line)
    _level_chapters(found)
    return _with_parents(found)


def _heading(lines: list[str], at: int, marked: bool) -> tuple[str, int, str] | None:
    """Heading and level of a line, and the link it ends in, which belongs to the text."""
    line = lines[at].strip()
    tail = ""
    if match := _LINK_TAIL.search(line):
        line, tail = line[: match.start()], match[1]
    if not line:
        return None
    if match := _ATX.match(line):
        return plain(match[2]), len(match[1]), tail
    if (match := _BOLD.match(line)) and _title_like(match[1]):
        return plain(match[1]), _BOLD_LEVEL, tail
    if known := known_heading(line):
        return known, 1, tail
    if marked or tail or not _title_like(line):
        return None
    if not (_alone(lines, at) or _heads_paragraph(lines, at)):
        return None
    if _BULLET.match(line) and not _numbered_heading(lines, at):
        return None
    return plain(line), _PLAIN_LEVEL, ""


def _numbered_heading(lines: list[str], at: int) -> bool:
    """Whether a numbered line is a heading, not one of a numbered list: text follows it."""
    line = lines[at].strip()
    following = next((text.strip() for text in lines[at + 1 :] if text.strip()), "")
    short = _CHAPTER.match(line) and len(line.split()) <= 8
    return bool(short) and len(following.split()) > 8 and not _BULLET.match(following)


def _title_like(text: str) -> bool:
    """Whether a line reads as a heading: short, with a capital or number first, no full stop."""
    words = text.split()
    return (
        0 < len(words) <= _MOST_WORDS
        and (text[0].isupper() or text[0].isdigit())
        and text[-1] not in ".,;:!"
        and "@" not in text
        and "\t" not in text
    )


def _alone(lines: list[str], at: int) -> bool:
    before = lines[at - 1].strip() if at else ""
    after = lines[at + 1].strip() if at + 1 < len(lines) else ""
    return bool(lines[at].strip()) and not before and not after


def _heads_paragraph(lines: list[str], at: int) -> bool:
    """Whether a line is the heading of the paragraph right below it, not its first words: it is
    much shorter than the next line, which begins anew."""
    before = lines[at - 1].strip() if at else ""
    words = lines[at].split()
    after = lines[at + 1].strip() if at + 1 < len(lines) else ""
    return (
        (not before or before.endswith((".", "!", "?")))
        and len(words) <= _MOST_ABOVE
        and after[:1].isupper()
        and not _BULLET.match(lines[at].strip())
        and len(after) >= _LONGER * len(lines[at].strip())
        and len(after.split()) > _MOST_ABOVE
    )


def _with_parents(found: list[Section]) -> list[Section]:
    """Sections that have text, each under the name of those above it that have none themselves.

    A heading followed at once by another would be lost otherwise; one that names nothing below it
    stays as a line of the text.
    """
    kept: list[Section] = []
    above: list[Section] = []
    carried: list[str] = []
    last: Section | None = None
    unnamed: list[Section] = []
    for section in found:
        # A heading without text stays for all that is below it, and for the next one in any case.
        over = [parent for parent in above if parent.level >= section.level and parent is not last]
        above = [parent for parent in above if not any(parent is one for one in over)]
        lost = [parent.heading for parent in over if any(parent is one for one in unnamed)]
        carried = [*lost, "", *carried] if lost else carried
        if not section.text or _leads_in(section):
            last = section
            above += [section] if section.heading else []
            unnamed += [section] if section.heading else []
            carried += section.lines if section.text else []
            continue
        names = [parent.heading for parent in above] + [section.heading]
        heading = ": ".join(dict.fromkeys(name for name in names if name))
        kept.append(Section(heading, section.level, [*carried, *section.lines]))
        last, carried, unnamed = None, [], []
        if section.heading in _CARRIED:
            above.append(section)
    if carried:
        kept.append(Section(": ".join(parent.heading for parent in above), 0, carried))
    elif unnamed and kept:
        kept[-1].lines += ["", *(parent.heading for parent in unnamed)]
    return kept


def _leads_in(section: Section) -> bool:
    """Whether the text only announces what comes, such as "You must be able to:"."""
    return bool(section.heading) and section.text.endswith(":") and len(section.text.split()) <= 10


def _level_chapters(found: list[Section]) -> None:
    """Chapters numbered in one series (1., 2., 3. …) are of one level, however they are marked."""
    numbered = [part for part in found if _CHAPTER.match(part.heading)]
    numbers = [int(part.heading.split(".")[0].split(")")[0]) for part in numbered]
    if len(numbered) > 1 and numbers == list(range(1, len(numbers) + 1)):
        top = min(part.level for part in numbered)
        for part in numbered:
            part.level = top
