"""Lines of a document that tell nothing of what it is about: letterheads, markings, greetings, page
numbers, file names, dates."""

import re

from crawlers.dates import DATE_LINE

_MARK = (
    r"(?:official(?:\s*[-\u2013:]?\s*sensitive)?|restricted|confidential|unclassified|"
    r"(?:not\s+)?protectively\s+marked|not\s+protected|in\s+confidence|"
    r"for\s+(?:official|internal|police|staff)\s+use(?:\s+only)?|"
    r"(?:first|final|working)?\s*draft(?:\s+(?:only|for\s+comment|v?\d[\d.]*))?|"
    r"version\s+\d[\d.]*|v\d[\d.]*|appendix\s+[a-z0-9]{1,2}|(?:agenda\s+)?item\s+(?:no\.?\s*)?\d+)"
)
_PAGE = r"(?:page\s+\d+(?:\s+(?:of|/)\s*\d+)?|\d+\s+of\s+\d+|[-\u2013]\s*\d+\s*[-\u2013]|\d{1,3})"
_FILE = r"(?:[\w()&+-]+\.(?:docx?|pdf|odt|rtf|txt|pptx?|xlsx?|html?|indd|qxd)|\w+(?:_\w+)+)"
_ATOM = re.compile(rf"\W*(?:{_MARK}|{_PAGE}|{_FILE})(?![\w.]\w|\w)[.:;|)\s]*", re.I)
_SHOUTED_MARK = re.compile(
    r"\W*(?:OFFICIAL(?:\s*[-\u2013:]?\s*SENSITIVE)?|RESTRICTED|CONFIDENTIAL|DRAFT|"
    r"NOT PROTECTIVELY MARKED|FOR OFFICIAL USE(?: ONLY)?)(?:\s*[-\u2013|:]\s*|\s+)(?=\S)"
)
_NOTICE = re.compile(
    r"(?:strictly\s+)?(?:embargo(?:ed)?|for\s+immediate\s+release)\b.{0,80}|"
    r"ENDS|notes\s+(?:to|for)\s+editors:?|"
    r"(?:(?:report\s+)?author|meeting\s+date|date\s+created|review\s+date|contact\s+officer|"
    r"wards?\s+affected|classification|OIC|sent|cc)\s*[:|].{0,100}|"
    r"(?:(?:our|your)\s+)?ref(?:erence)?(?:\s+no)?\s*[:.]\s*\S+|"
    r"(?:date\s+(?:and\s+\w+\s+)?of\s+(?:the\s+)?)?next\s+meeting\s*(?:[:\u2013-].*|$)",
    re.I,
)
_GREETING = re.compile(
    r"(?:dear\b(?:\s+[\w.'\u2019-]+){1,10}|to\s+whom\s+it\s+may\s+concern|"
    r"(?:hi|hello|good\s+(?:morning|afternoon))\b(?:\s+\w+){0,3}|all)\s*[,:.!]?",
    re.I,
)
_BODY = (
    r"(?:[Tt]he\s+)?(?:(?!Operation|Pro(?:ject|gram)|Scheme|Initiative|Campaign)"
    r"[A-Z][\w'\u2019.-]*,?\s+|(?:of|and|the|for|with|upon|on)\s+|&\s+){1,5}?"
    r"(?:Councils?|Constabulary|Police(?:\s+(?:Service|Force|Department))?|Partnership|Authority|"
    r"Department|Directorate|Office|Service|Team|Unit|Trust|Association|MBC|MDC|BC|CC|DC)\b"
)
_CITY_OF = r"(?:(?:City|Town|County|(?:London\s+)?Borough)\s+of\s+[A-Z][\w'\u2019-]*)"
_POSTCODE = r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b"
_BUILDING = re.compile(
    r"\b(?:(?:Town|City|County|Shire|Guild)\s?[Hh]all|(?:Civic|Council|Municipal)\s+"
    r"(?:Centre|Offices|Buildings)|(?:Police\s+)?Headquarters|PO Box|P\.O\. Box)\b"
)
_ADDRESS = re.compile(
    rf"{_POSTCODE}|\b(?:tel|telephone|phone|fax|e-?mail|web(?:site)?)\s*[:.]|\bwww\.|\bhttps?:",
    re.I,
)
_BODIES = rf"(?:{_BODY}|{_CITY_OF})(?:\s*(?:,|\band\b|&|/|\|)\s*(?:{_BODY}|{_CITY_OF})){{0,3}}"
_LETTERHEAD = re.compile(rf"{_BODIES}[\s,;:.|\u2013-]*(?P<rest>.*)")
_MOST_WORDS = 40  # of a letterhead
_LONGEST = 400  # letters


def is_furniture(line: str) -> bool:
    """Whether a line tells nothing of what the document is about."""
    text = line.strip()
    if len(text) > _LONGEST:
        return False
    if not text or is_greeting(text) or DATE_LINE.fullmatch(text) or _is_letterhead(text):
        return True
    if _NOTICE.fullmatch(text):
        return True
    while text and (atom := _ATOM.match(text)) and atom.end():
        text = text[atom.end() :]
    return not text or bool(DATE_LINE.fullmatch(text))


def is_greeting(line: str) -> bool:
    """Whether a letter begins with this line."""
    return bool(_GREETING.fullmatch(line))


def without_marking(line: str) -> str:
    """A line without the protective marking that stands before its words."""
    return _SHOUTED_MARK.sub("", line, count=1) if _SHOUTED_MARK.match(line) else line


def _is_letterhead(text: str) -> bool:
    """Whether it names a body, and where it sits, and no more; or is an address."""
    if len(text.split()) > _MOST_WORDS or re.search(r"[a-z]{2}[.!?](?:\s|$)", text):
        return False
    named = _LETTERHEAD.match(text)
    rest = named["rest"] if named else text
    if named and not rest:
        return True
    if not (_ADDRESS.search(rest) or _BUILDING.match(rest)):
        return False
    # "Westbrook Borough Council, Town Hall, Market Square"; not "Council tax phone lines: ...".
    return bool(named) or bool(re.match(_POSTCODE, rest)) or _only_address(text)


def _only_address(text: str) -> bool:
    """Whether each part between commas begins with a capital or figure, as an address does."""
    return all(part[:1].isupper() or part[:1].isdigit() for part in re.split(r",\s*|\s\|\s", text))
