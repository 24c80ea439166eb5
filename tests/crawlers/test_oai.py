"""Harvesting through OAI-PMH: chains, deletions, every error code, and repositories gone wrong."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.errors import DiscoveryFailed, HarvestRefused, PageGone
from crawlers.fetch import Fetcher
from crawlers.oai import harvest, read_answer, since_date
from crawlers.page import Page
from tests.crawlers.site import Answer, Site

HEAD = '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>x</responseDate>'
DC = 'xmlns:d="http://purl.org/dc/elements/1.1/"'
FIRST = "/oai?verb=ListRecords&metadataPrefix=oai_dc"


def record(name: str, title: str = "A title", status: str = "") -> str:
    head = (
        f"<header{status}><identifier>{name}</identifier><datestamp>2020-01-01</datestamp></header>"
    )
    body = f"<metadata><dc {DC}><d:title>{title}</d:title></dc></metadata>" if not status else ""
    return f"<record>{head}{body}</record>"


def answer(*records: str, token: str | None = None) -> Answer:
    more = f"<resumptionToken>{token}</resumptionToken>" if token is not None else ""
    return Answer(f"{HEAD}<ListRecords>{''.join(records)}{more}</ListRecords></OAI-PMH>".encode())


def refusal(code: str, message: str = "") -> Answer:
    return Answer(f'{HEAD}<error code="{code}">{message}</error></OAI-PMH>'.encode())


def read(file: Path) -> Page:
    return Page(f"https://x.example/{file.name}", file.read_bytes(), "text/xml", datetime.now(UTC))


@pytest.mark.data
def test_every_real_answer_ends_in_records_or_a_named_error(
    data_dir: Callable[[str], Path],
) -> None:
    outcomes: dict[str, object] = {}
    for file in sorted(data_dir("web/oai-pmh").rglob("*.xml")):
        name = f"{file.parent.name}/{file.name}"
        try:
            verb, records, _ = read_answer(read(file))
            outcomes[name] = (verb, len(records))
        except HarvestRefused as error:
            outcomes[name] = error.code
        except DiscoveryFailed:
            outcomes[name] = "unusable"
    assert len(outcomes) == 32
    for code in (
        "badArgument",
        "badResumptionToken",
        "cannotDisseminateFormat",
        "idDoesNotExist",
        "noRecordsMatch",
        "noSetHierarchy",
    ):
        assert outcomes[f"sickle/{code}.xml"] == code
    assert outcomes["fake2/00002.xml"] == ("ListRecords", 81)
    assert outcomes["fake1/00003.xml"] == ("ListIdentifiers", 16)
    assert Counter(outcomes.values())["unusable"] == 4


@pytest.mark.data
def test_a_real_chain_is_harvested_to_its_end(
    fetcher: Fetcher, site: Site, data_dir: Callable[[str], Path]
) -> None:
    folder = data_dir("web/oai-pmh/sickle")
    site.routes[FIRST] = Answer((folder / "ListRecords.xml").read_bytes())
    for number in (2, 3, 4):
        name = f"ListRecords{number}.xml"
        site.routes[f"/oai?verb=ListRecords&resumptionToken={name}"] = Answer(
            (folder / name).read_bytes()
        )
    found = list(harvest(fetcher.page, site.url("/oai")))
    assert len(found) == 8
    assert sum(item.deleted for item in found) == 4
    assert [item.problem for item in found if item.problem] == ["it has no identifier"]


def test_records_with_their_metadata(fetcher: Fetcher, site: Site) -> None:
    asked = "/oai?verb=ListRecords&from=2020-01-01&metadataPrefix=oai_dc&set=crime"
    site.routes[asked] = answer(
        record("a", "One"), record("b", status=' status="deleted"'), token=""
    )
    found = list(harvest(fetcher.page, site.url("/oai"), since="2020-01-01", set_spec="crime"))
    assert [(item.identifier, item.first("title"), item.deleted) for item in found] == [
        ("a", "One", False),
        ("b", "", True),
    ]


def test_a_broken_record_does_not_end_the_harvest(fetcher: Fetcher, site: Site) -> None:
    site.routes[FIRST] = answer(
        "<record/>",
        "<record><header><identifier>x</identifier></header><metadata/></record>",
        record("c"),
    )
    found = list(harvest(fetcher.page, site.url("/oai")))
    assert [bool(item.problem) for item in found] == [True, True, False]


def test_no_records_are_none_and_other_errors_have_their_code(fetcher: Fetcher, site: Site) -> None:
    site.routes[FIRST] = refusal("noRecordsMatch")
    assert list(harvest(fetcher.page, site.url("/oai"))) == []
    for code in ("badArgument", "cannotDisseminateFormat", "somethingNew"):
        site.routes[FIRST] = refusal(code, "because of this")
        with pytest.raises(HarvestRefused, match="because of this") as caught:
            list(harvest(fetcher.page, site.url("/oai")))
        assert caught.value.code == code


def test_a_token_that_expires_on_the_way_is_an_error_after_what_was_had(
    fetcher: Fetcher, site: Site
) -> None:
    site.routes[FIRST] = answer(record("a"), token="t1")
    site.routes["/oai?verb=ListRecords&resumptionToken=t1"] = refusal("badResumptionToken")
    found = []
    with pytest.raises(HarvestRefused):
        found.extend(item.identifier for item in harvest(fetcher.page, site.url("/oai")))
    first = next(harvest(fetcher.page, site.url("/oai")))
    assert first.identifier == "a"


def test_pages_in_a_circle_are_an_error(fetcher: Fetcher, site: Site) -> None:
    site.routes[FIRST] = answer(record("a"), token="t1")
    site.routes["/oai?verb=ListRecords&resumptionToken=t1"] = answer(record("b"), token="t2")
    site.routes["/oai?verb=ListRecords&resumptionToken=t2"] = answer(record("c"), token="t1")
    with pytest.raises(DiscoveryFailed, match="circles"):
        list(harvest(fetcher.page, site.url("/oai")))


def test_an_answer_of_another_kind_is_an_error(fetcher: Fetcher, site: Site) -> None:
    for body, reason in (
        (b"<html>Please log in</html>", "not OAI-PMH"),
        (b"broken", "not proper XML"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><OAI-PMH/>', "entities"),
    ):
        site.routes[FIRST] = Answer(body)
        with pytest.raises(DiscoveryFailed, match=reason):
            list(harvest(fetcher.page, site.url("/oai")))
    del site.routes[FIRST]
    with pytest.raises(PageGone):
        list(harvest(fetcher.page, site.url("/oai")))


def test_dates_are_by_the_day() -> None:
    assert since_date(datetime(2020, 1, 2, 23, tzinfo=UTC)) == "2020-01-02"
