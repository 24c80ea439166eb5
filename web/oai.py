"""/oai: the records that everybody may see, for harvesters (OAI-PMH 2.0, as Dublin Core).

Protocol: https://www.openarchives.org/OAI/openarchivesprotocol.html
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from fastapi import APIRouter
from lxml import etree  # type: ignore[import-untyped]
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from kb.database import now, session_scope
from kb.errors import KbError
from kb.exports.citation import citation
from kb.records import Practice
from kb.settings import settings
from web import listings, urls
from web.disclosure import shown_records

router = APIRouter()

PAGE = 100
OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_ARGUMENTS = {
    "Identify": (set(), set()),
    "ListMetadataFormats": (set(), {"identifier"}),
    "ListSets": (set(), {"resumptionToken"}),
    "GetRecord": ({"identifier", "metadataPrefix"}, set()),
    "ListIdentifiers": ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"}),
    "ListRecords": ({"metadataPrefix"}, {"from", "until", "set", "resumptionToken"}),
}
"""Arguments that each verb needs and may have."""
# XML 1.0 cannot hold these, whatever somebody typed.
_NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DAY = "%Y-%m-%d"
_SECOND = "%Y-%m-%dT%H:%M:%SZ"


class Refused(KbError):
    """An error that the protocol names; `code` is its name there."""

    def __init__(self, code: str, said: str) -> None:
        self.code = code
        super().__init__(said)


@router.get("/oai")
def harvest(request: Request) -> Response:
    """Answer one request of a harvester; errors are answers too, as the protocol wants."""
    base = urls.absolute(request, "/oai")
    root = etree.Element(_name(OAI, "OAI-PMH"), nsmap={None: OAI, "xsi": XSI})
    root.set(_name(XSI, "schemaLocation"), f"{OAI} {OAI}OAI-PMH.xsd")
    _add(root, "responseDate", f"{now():{_SECOND}}")
    asked = _add(root, "request", base)
    try:
        verb, given = _asked(parse_qsl(request.url.query, keep_blank_values=True))
        for name, value in {"verb": verb, **given}.items():
            asked.set(name, _clean(value))
        with session_scope() as session:
            _VERBS[verb](_Answer(request, session, _add(root, verb)), given)
    except Refused as refused:
        for part in root.findall(f"{{{OAI}}}*")[2:]:
            root.remove(part)
        if refused.code in ("badVerb", "badArgument"):
            asked.attrib.clear()
        _add(root, "error", str(refused)).set("code", refused.code)
    text = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return Response(text, media_type="text/xml; charset=utf-8")


def _asked(pairs: list[tuple[str, str]]) -> tuple[str, dict[str, str]]:
    given = dict(pairs)
    verb = given.pop("verb", "")
    if verb not in _ARGUMENTS or sum(name == "verb" for name, _ in pairs) > 1:
        raise Refused("badVerb", f"The verb is one of: {', '.join(_ARGUMENTS)}.")
    needed, allowed = _ARGUMENTS[verb]
    if len(pairs) != len(given) + 1:
        raise Refused("badArgument", "Give each argument once.")
    if unknown := set(given) - needed - allowed:
        raise Refused("badArgument", f"{verb} has no argument {', '.join(sorted(unknown))}.")
    if "resumptionToken" in given:
        if len(given) > 1:
            raise Refused("badArgument", "A resumptionToken stands alone.")
    elif lacking := needed - set(given):
        raise Refused("badArgument", f"{verb} needs {', '.join(sorted(lacking))}.")
    return verb, given


class _Answer:
    """What the verbs write into."""

    def __init__(self, request: Request, session: Session, into: etree._Element) -> None:
        self.request, self.session, self.into = request, session, into
        self.host = urls.absolute(request, "/").split("//")[1].split("/")[0].split(":")[0]

    def identifier(self, record_id: str) -> str:
        """A record's name among harvesters."""
        return f"oai:{self.host}:{record_id}"

    def record_id(self, identifier: str) -> str:
        """The id within an identifier. Raises Refused for one that is not of this site."""
        start = self.identifier("")
        if not identifier.startswith(start):
            raise Refused("idDoesNotExist", f"Identifiers here begin with {start}")
        return identifier.removeprefix(start)

    def practice(self, identifier: str) -> Practice:
        """The record, if everybody may see it."""
        for practice in shown_records(self.session, [self.record_id(identifier)]):
            return practice
        raise Refused("idDoesNotExist", "There is no such record.")


def _identify(answer: _Answer, _: Mapping[str, str]) -> None:
    earliest = min((day for _, day in listings.record_dates(answer.session)), default=now())
    for name, value in (
        ("repositoryName", settings().site_name),
        ("baseURL", urls.absolute(answer.request, "/oai")),
        ("protocolVersion", "2.0"),
        ("adminEmail", settings().mail_from),
        ("earliestDatestamp", f"{earliest:{_SECOND}}"),
        ("deletedRecord", "no"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        _add(answer.into, name, value)


def _formats(answer: _Answer, given: Mapping[str, str]) -> None:
    if "identifier" in given:
        answer.practice(given["identifier"])
    kind = _add(answer.into, "metadataFormat")
    _add(kind, "metadataPrefix", "oai_dc")
    _add(kind, "schema", f"{OAI}oai_dc.xsd")
    _add(kind, "metadataNamespace", OAI_DC)


def _sets(_: _Answer, __: Mapping[str, str]) -> None:
    raise Refused("noSetHierarchy", "There are no sets here: harvest all, or from a day on.")


def _get(answer: _Answer, given: Mapping[str, str]) -> None:
    _known_format(given)
    _whole(answer, answer.into, answer.practice(given["identifier"]))


def _list(
    answer: _Answer,
    given: Mapping[str, str],
    write: Callable[[_Answer, list[tuple[str, datetime]]], None],
) -> None:
    """A page of the records changed within the time asked for, and the token of the next.

    `write` gets the id and last change of each record of the page.
    """
    token = given.get("resumptionToken", "")
    if token:
        # All that the next page needs stands in the token: nothing is kept between requests.
        found = re.fullmatch(r"([^,]*),([^,]*),([a-z0-9-]{1,100})", token)
        if found is None:
            raise Refused("badResumptionToken", "Begin the list anew: the token is not of here.")
        since, until, after = found.groups()
    else:
        _known_format(given)
        if "set" in given:
            _sets(answer, given)
        since, until, after = given.get("from", ""), given.get("until", ""), ""
    if since and until and len(since) != len(until):
        raise Refused("badArgument", "Give from and until in the same form.")
    first, last = _moment(since), _moment(until, end=True)
    dated = [
        (record_id, changed)
        for record_id, changed in listings.record_dates(answer.session)
        if (first is None or changed >= first) and (last is None or changed < last)
    ]
    left = [one for one in dated if one[0] > after]
    if not dated or (token and not left):
        code = "badResumptionToken" if token else "noRecordsMatch"
        raise Refused(code, "No record was changed within that time.")
    write(answer, left[:PAGE])
    if token or len(left) > PAGE:
        more = f"{since},{until},{left[PAGE - 1][0]}" if len(left) > PAGE else ""
        mark = _add(answer.into, "resumptionToken", more)
        mark.set("completeListSize", str(len(dated)))
        mark.set("cursor", str(len(dated) - len(left)))


def _known_format(given: Mapping[str, str]) -> None:
    if given["metadataPrefix"] != "oai_dc":
        raise Refused("cannotDisseminateFormat", "Records are given as oai_dc.")


def _moment(text: str, *, end: bool = False) -> datetime | None:
    """A day or second of the protocol; at the end of a span, the moment just past it."""
    if not text:
        return None
    for form, length in ((_DAY, timedelta(days=1)), (_SECOND, timedelta(seconds=1))):
        try:
            found = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        if not end:
            return found
        return None if datetime.max.replace(tzinfo=UTC) - found < length else found + length
    raise Refused("badArgument", "Times are like 2026-05-01 or 2026-05-01T10:00:00Z.")


def _headers(answer: _Answer, dated: Iterable[tuple[str, datetime]]) -> None:
    for record_id, changed in dated:
        _header(answer, answer.into, record_id, changed)


def _header(answer: _Answer, into: etree._Element, record_id: str, changed: datetime) -> None:
    header = _add(into, "header")
    _add(header, "identifier", answer.identifier(record_id))
    _add(header, "datestamp", f"{changed:{_SECOND}}")


def _records(answer: _Answer, dated: Iterable[tuple[str, datetime]]) -> None:
    for practice in shown_records(answer.session, [record_id for record_id, _ in dated]):
        _whole(answer, answer.into, practice)


def _whole(answer: _Answer, into: etree._Element, practice: Practice) -> None:
    record = _add(into, "record")
    _header(answer, record, practice.id, practice.updated_at)
    dc = etree.SubElement(
        _add(record, "metadata"), _name(OAI_DC, "dc"), nsmap={"oai_dc": OAI_DC, "dc": DC}
    )
    dc.set(_name(XSI, "schemaLocation"), f"{OAI_DC} {OAI}oai_dc.xsd")
    work = citation(practice)
    told: Iterable[tuple[str, Iterable[str]]] = (
        ("title", [work.title]),
        ("creator", work.authors),
        ("subject", work.keywords),
        ("description", [work.abstract]),
        ("publisher", [work.publisher]),
        ("date", [work.date]),
        ("type", [work.kind]),
        ("identifier", [urls.absolute(answer.request, urls.record(practice.id))]),
        ("source", work.urls),
        ("language", [work.language]),
        ("rights", [work.licence]),
    )
    for name, values in told:
        for value in filter(None, values):
            etree.SubElement(dc, _name(DC, name)).text = _clean(value)


def _name(space: str, name: str) -> str:
    return f"{{{space}}}{name}"


def _clean(text: str) -> str:
    return _NO_XML.sub(" ", text)


def _add(into: etree._Element, name: str, text: str = "") -> etree._Element:
    made = etree.SubElement(into, _name(OAI, name))
    if text:
        made.text = _clean(text)
    return made


_VERBS: dict[str, Callable[[_Answer, Mapping[str, str]], None]] = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _get,
    "ListIdentifiers": lambda answer, given: _list(answer, given, _headers),
    "ListRecords": lambda answer, given: _list(answer, given, _records),
}
