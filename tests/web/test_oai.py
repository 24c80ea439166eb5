"""/oai as harvesters ask it: every record that everybody may see, once; errors by their names."""

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from lxml import etree
from starlette.testclient import TestClient

from web import oai

IN = {"o": oai.OAI, "dc": oai.DC}


def ask(client: TestClient, **arguments: str) -> etree._Element:
    answer = client.get("/oai", params=arguments)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    return etree.fromstring(answer.content)


def test_the_site_says_what_it_is(client: TestClient) -> None:
    told = ask(client, verb="Identify")
    assert told.findtext("o:Identify/o:baseURL", namespaces=IN) == "http://testserver/oai"
    assert told.findtext("o:Identify/o:protocolVersion", namespaces=IN) == "2.0"
    formats = ask(client, verb="ListMetadataFormats")
    assert formats.findall(".//o:metadataPrefix", IN)[0].text == "oai_dc"


def test_every_shown_record_comes_once_page_by_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai, "PAGE", 2)
    ids: list[str] = []
    given = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
    while given:
        told = ask(client, **given)
        ids += [one.text or "" for one in told.findall(".//o:identifier", IN)]
        mark = told.findtext(".//o:resumptionToken", namespaces=IN)
        given = {"verb": "ListRecords", "resumptionToken": mark} if mark else {}
    listed = client.get("/api/v1/records?per_page=100").json()
    assert ids == [f"oai:testserver:{record['id']}" for record in listed["records"]]
    assert len(ids) > 2
    assert not any("hidden" in one for one in ids)


def test_a_record_as_dublin_core(client: TestClient) -> None:
    told = ask(
        client,
        verb="GetRecord",
        metadataPrefix="oai_dc",
        identifier="oai:testserver:alley-gates",
    )
    assert told.findtext(".//dc:title", namespaces=IN) == (
        "Alley gates against burglary in Marsh Lane"
    )
    links = [one.text for one in told.findall(".//dc:identifier", IN)]
    assert links == ["http://testserver/records/alley-gates"]
    stamp = told.findtext(".//o:datestamp", namespaces=IN)
    assert stamp is not None
    for span, found in (
        ({"from": stamp, "until": stamp}, True),
        ({"from": stamp[:10]}, True),
        ({"until": "1999-12-31"}, False),
        ({"from": "9999-12-31"}, False),
    ):
        told = ask(client, verb="ListIdentifiers", metadataPrefix="oai_dc", **span)
        names = [one.text for one in told.findall(".//o:identifier", IN)]
        assert ("oai:testserver:alley-gates" in names) is found
        assert (told.find("o:error", IN) is None) is found


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nonsense", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&x=1", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=a", "noSetHierarchy"),
        ("verb=ListSets", "noSetHierarchy"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=9999-12-31", ""),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2020", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=1990-01-01", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=,,zzz", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=x", "idDoesNotExist"),
        (
            "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:testserver:hidden-draft",
            "idDoesNotExist",
        ),
        ("verb=ListMetadataFormats&identifier=%00", "idDoesNotExist"),
    ],
)
def test_errors_go_by_their_names(client: TestClient, query: str, code: str) -> None:
    told = etree.fromstring(client.get(f"/oai?{query}").content)
    found = [one.get("code") for one in told.findall("o:error", IN)]
    assert found == ([code] if code else [])
    assert (told.find("o:request", IN).attrib == {}) is code.startswith("bad") or "Token" in code


@examples(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    verb=st.sampled_from(sorted(oai._ARGUMENTS)),
    name=st.sampled_from(["identifier", "from", "until", "resumptionToken", "set", "x"]),
    value=st.text(max_size=30),
)
def test_no_text_breaks_it(client: TestClient, verb: str, name: str, value: str) -> None:
    query = httpx.QueryParams({"verb": verb, "metadataPrefix": "oai_dc", name: value})
    answer = client.get(f"/oai?{query}")
    assert answer.status_code == 200
    assert etree.fromstring(answer.content).tag.endswith("OAI-PMH")
