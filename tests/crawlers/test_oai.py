"""Answers of OAI-PMH repositories: real ones, every error code, and what is none."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.errors import DiscoveryFailed, HarvestRefused
from crawlers.oai import OaiAnswer, read_answer
from crawlers.page import Page

DC = 'xmlns:d="http://purl.org/dc/elements/1.1/"'


def read(body: bytes | str) -> OaiAnswer:
    data = body if isinstance(body, bytes) else body.encode()
    return read_answer(Page("https://x.example/oai", data, "text/xml", datetime.now(UTC)))


def answer(body: str) -> str:
    return (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-02T03:04:05Z'
        f"</responseDate><request>x</request>{body}</OAI-PMH>"
    )


@pytest.mark.data
def test_every_real_answer_ends_in_records_or_a_named_error(
    data_dir: Callable[[str], Path],
) -> None:
    outcomes: dict[str, object] = {}
    for file in sorted(data_dir("web/oai-pmh").rglob("*.xml")):
        name = f"{file.parent.name}/{file.name}"
        try:
            found = read(file.read_bytes())
            outcomes[name] = (found.verb, len(found.records))
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
        "noSetHierarchy",
    ):
        assert outcomes[f"sickle/{code}.xml"] == code
    assert outcomes["sickle/noRecordsMatch.xml"] == ("error", 0)
    assert outcomes["fake2/00002.xml"] == ("ListRecords", 81)
    assert outcomes["fake1/00003.xml"] == ("ListIdentifiers", 16)
    assert Counter(outcomes.values())["unusable"] == 4


@pytest.mark.data
def test_a_real_chain_leads_to_its_end(data_dir: Callable[[str], Path]) -> None:
    folder = data_dir("web/oai-pmh/sickle")
    name, found, moments = "ListRecords.xml", [], []
    while name:
        one = read((folder / name).read_bytes())
        found += one.records
        moments.append(one.answered_at)
        name = one.token
    assert len(moments) == 4
    assert all(moments)
    assert len(found) == 8
    assert sum(item.deleted for item in found) == 4
    assert [item.problem for item in found if item.problem] == ["it has no identifier"]


def test_records_with_their_metadata_and_the_way_on() -> None:
    found = read(
        answer(
            "<ListRecords><record><header><identifier>a</identifier><datestamp>2020-01-01"
            f"</datestamp></header><metadata><dc {DC}><d:title>One</d:title></dc></metadata>"
            "<about><resumptionToken>of another</resumptionToken></about></record>"
            "<record><header status='deleted'><identifier>b</identifier></header></record>"
            "<resumptionToken cursor='0'> t/1 </resumptionToken></ListRecords>"
        )
    )
    assert [(item.identifier, item.first("title"), item.deleted) for item in found.records] == [
        ("a", "One", False),
        ("b", "", True),
    ]
    assert (found.verb, found.token) == ("ListRecords", "t/1")
    assert found.answered_at == "2026-01-02T03:04:05Z"


def test_what_a_repository_says_of_itself() -> None:
    found = read(
        answer(
            "<Identify><deletedRecord>persistent</deletedRecord>"
            "<granularity>YYYY-MM-DD</granularity></Identify>"
        )
    )
    assert (found.granularity, found.keeps_deletions) == ("YYYY-MM-DD", True)
    assert not read(answer("<Identify/>")).keeps_deletions


def test_a_broken_record_does_not_hide_the_others() -> None:
    found = read(
        answer(
            "<ListRecords><record/><record><header><identifier>x</identifier></header><metadata/>"
            "</record><record><header><identifier>c</identifier></header><metadata>"
            f"<dc {DC}><d:title>T</d:title></dc></metadata></record></ListRecords>"
        )
    )
    assert [bool(item.problem) for item in found.records] == [True, True, False]


@pytest.mark.parametrize("code", ["badArgument", "cannotDisseminateFormat", "somethingNew"])
def test_errors_have_their_code_and_what_was_said(code: str) -> None:
    with pytest.raises(HarvestRefused, match="because of this") as caught:
        read(answer(f"<error code='{code}'>because of this</error>"))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html>Please log in</html>", "not OAI-PMH"),
        ("broken", "not proper XML"),
        ('<!DOCTYPE a [<!ENTITY x "y">]><OAI-PMH/>', "entities"),
    ],
)
def test_an_answer_of_another_kind_is_an_error(body: str, reason: str) -> None:
    with pytest.raises(DiscoveryFailed, match=reason):
        read(body)
