"""Documents brought in whole: not shown before it is said so, nor names before agreement."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlmodel import select

from kb.audit import AuditEntry
from kb.curation.checks import findings
from kb.database import session_scope
from kb.directory.models import Person
from kb.imports import history
from kb.imports.document import record_from
from kb.imports.models import ImportRun
from kb.records import Practice, service
from kb.records.models import Record, RecordRevision

Run = Callable[..., CompletedProcess[str]]

NAMED = """# Gates for Marsh Lane

Author: Zebedee Quirk

## Response

Wardens fitted gates to forty alleys beside volcanic anemometers.
Mrs Jones kept the keys; write to quirk.z@town.example.

## Results

Burglary fell from 120 to 80 in a year.
"""
NAMELESS = (
    "# Wardens in parks\n\n## Response\n\nWardens cut drinking in the park by half in 2019.\n"
)


@pytest.fixture
def paper(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str, name: str = "gates.md") -> str:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return str(path)

    return write


Paper = Callable[..., str]


def records() -> list[Practice]:
    with session_scope() as session:
        return list(service.load(session, session.exec(select(Record.id)).all()))


def actions() -> list[str]:
    with session_scope() as session:
        return list(session.exec(select(AuditEntry.action)).all())


def test_a_document_kept_as_a_draft_is_seen_by_nobody_and_its_names_are_told(
    store: Path, run_kb: Run, paper: Paper
) -> None:
    done = run_kb("import", "--drafts", paper(NAMED))
    assert done.returncode == 0, done.stderr
    (record,) = records()
    assert record.state == "draft"
    assert "Zebedee Quirk, Mrs Jones, quirk.z@town.example" in done.stdout
    assert "/desk#drafts" in done.stdout
    assert "--people-agreed" in done.stdout
    for words in (("export",), ("search", "gates", "--json")):
        assert "Quirk" not in run_kb(*words).stdout
    # Who looks through it at the desk is warned too.
    warned = [one.title for one in findings(record.content, [])]
    assert any("names people (Zebedee Quirk" in title for title in warned), warned


def test_it_is_published_and_found_and_whom_it_names_is_told(
    store: Path, run_kb: Run, paper: Paper
) -> None:
    named, nameless = paper(NAMED), paper(NAMELESS, "wardens.txt")
    done = run_kb("import", named, nameless)
    assert done.returncode == 0, done.stderr
    assert {record.state for record in records()} == {"published-unverified"}
    found = json.loads(run_kb("search", "gates", "--json").stdout)
    assert "Gates for Marsh Lane" in [hit["title"] for hit in found["hits"]]
    for deep in ('"volcanic anemometers"', "author:Quirk"):
        (hit,) = json.loads(run_kb("search", deep, "--mode", "keyword", "--json").stdout)["hits"]
        assert hit["title"] == "Gates for Marsh Lane"
    assert "Zebedee Quirk, Mrs Jones, quirk.z@town.example. If they agreed" in done.stdout
    assert done.stdout.count("who may not have been asked") == 1
    assert "record.people_agreed" not in actions()
    done = run_kb("import", "--people-agreed", named, nameless)
    assert "Noted that those whom it names agreed" in done.stdout
    assert "wardens.txt: 1 unchanged" in done.stdout
    assert actions().count("record.people_agreed") == 1
    again = run_kb("import", "--people-agreed", named)
    assert "1 unchanged" in again.stdout
    assert actions().count("record.people_agreed") == 1


def test_another_edition_of_a_published_document_is_no_draft(
    store: Path, run_kb: Run, paper: Paper
) -> None:
    run_kb("import", paper(NAMELESS))
    edition = paper(NAMELESS + "\n## Thanks\n\nMrs Jones helped.\n")
    refused = run_kb("import", "--drafts", edition)
    assert refused.returncode == 1
    assert "another edition" in refused.stdout
    assert "Jones" not in run_kb("export", "--format", "yaml").stdout
    assert records()[0].version == 1
    done = run_kb("import", "--people-agreed", edition)
    assert "1 changed" in done.stdout
    assert "Published, not reviewed, with those it names: Mrs Jones" in done.stdout


def test_a_document_in_a_table_of_records_is_one_too_unless_it_says_its_state(
    store: Path, run_kb: Run, paper: Paper
) -> None:
    run_kb("import", paper(NAMED))
    (record,) = records()
    told = {**record.content.snapshot(), "id": ""}
    for state, expected in ((None, "published-unverified"), ("archived", "archived")):
        with session_scope() as session:
            newest = history.latest(session)[0]
        assert run_kb("import", "--undo", newest.id).returncode == 0
        row = told if state is None else {**told, "state": state}
        done = run_kb("import", paper(json.dumps([row]), "records.json"))
        assert done.returncode == 0, done.stdout + done.stderr
        assert [one.state for one in records()] == [expected]


def test_doctor_finds_documents_that_were_shown_before_anybody_was_asked(
    store: Path, run_kb: Run, paper: Paper
) -> None:
    path = paper(NAMED)
    content = service.parse(record_from(NAMED, file_name="gates.md", data=NAMED.encode()))
    with session_scope(write=True) as session:
        shown = service.save(
            session, content, door="document", actor="old", state="published-unverified"
        )
    run_kb("index", "sync")
    told = f"documents: shown, and naming people not said to have agreed: {shown.id}"
    assert told in run_kb("doctor").stdout
    done = run_kb("import", "--people-agreed", path)
    assert "Noted that those whom it names agreed: Zebedee Quirk" in done.stdout
    assert told not in run_kb("doctor").stdout
    assert records()[0].version == 1


def test_a_draft_that_people_changed_is_left_to_the_desk(
    store: Path, run_kb: Run, paper: Paper
) -> None:
    run_kb("import", "--drafts", paper(NAMELESS))
    (record,) = records()
    with session_scope(write=True) as session:
        changed = record.content.model_copy(update={"summary": "In better words."})
        service.save(session, changed, door="form", actor="account:1", state="draft")
    done = run_kb("import", paper(NAMELESS))
    assert "publish it at the desk" in done.stdout
    assert records()[0].state == "draft"


@pytest.mark.parametrize("options", [("--drafts",), (), ("--people-agreed",)])
def test_taking_it_back_leaves_nothing(
    options: tuple[str, ...], store: Path, run_kb: Run, paper: Paper
) -> None:
    run_kb("import", *options, paper(NAMED))
    with session_scope() as session:
        (run,) = history.latest(session)
    done = run_kb("import", "--undo", run.id)
    assert done.returncode == 0, done.stderr
    assert "gates.md was taken back" in done.stdout
    with session_scope() as session:
        for table in (Record, RecordRevision, Person):
            assert session.exec(select(table)).all() == []
        assert session.get(ImportRun, run.id).state == "undone"


def test_taking_a_publication_back_makes_it_a_draft_again(
    store: Path, run_kb: Run, paper: Paper
) -> None:
    run_kb("import", "--drafts", paper(NAMELESS))
    run_kb("import", paper(NAMELESS))
    with session_scope() as session:
        newest = history.latest(session)[0]
    assert run_kb("import", "--undo", newest.id).returncode == 0
    assert records()[0].state == "draft"


def test_what_tells_of_no_project_ends_in_1(store: Path, run_kb: Run, paper: Paper) -> None:
    refused = run_kb("import", paper("Eggs\n- milk\n- 6 apples\n- bread\n"))
    assert refused.returncode == 1
    assert "Nothing of a project could be read" in refused.stderr
    assert records() == []


@pytest.mark.parametrize("name", ["report.docx", "report.pdf", "report.HTML", "report.htm"])
def test_other_documents_are_shown_the_way(
    name: str, store: Path, run_kb: Run, paper: Paper
) -> None:
    refused = run_kb("import", paper("x", name))
    assert refused.returncode == 1
    assert "/contribute/document" in refused.stderr
    assert "kb extract" in refused.stderr


def test_options_that_contradict_are_refused(store: Path, run_kb: Run, paper: Paper) -> None:
    refused = run_kb("import", "--people-agreed", "--drafts", paper(NAMELESS))
    assert refused.returncode == 2
    assert "--drafts" in refused.stderr
    assert records() == []


def test_a_short_first_line_is_the_title(store: Path, run_kb: Run, paper: Paper) -> None:
    text = (
        "Quokkaville benches\n\nYouths drank on the benches and shouted in the evenings.\n"
        "What we found\nWe walked the park with the ward councillors and moved two benches.\n\n"
        "Results\n\nCalls to the police fell from 40 to 12 in a year.\n"
    )
    assert run_kb("import", paper(text, "plain.txt")).returncode == 0
    [record] = records()
    assert record.content.title == "Quokkaville benches"
    headings = [part.heading for part in record.content.body]
    assert "What we found" in headings
    assert "What we found" not in record.content.summary


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Janet Okafor, Community Safety Officer, Dunmoor Borough Council", ["Janet Okafor"]),
        ("Janet Okafor, Analyst, Dunmoor", ["Janet Okafor"]),
        ("Janet Okafor, Tom Bell, Dunmoor Borough Council", ["Janet Okafor", "Tom Bell"]),
        ("Janet Okafor, Tom Bell", ["Janet Okafor", "Tom Bell"]),
        ("Janet Okafor, Head of Parks", ["Janet Okafor"]),
        ("Janet Okafor; Tom Bell, Sergeant", ["Janet Okafor", "Tom Bell"]),
        ("Dunmoor Borough Council", ["Dunmoor Borough Council"]),
    ],
)
def test_a_byline_names_people_not_their_posts(line: str, people: list[str]) -> None:
    text = f"Author: {line}\n\nWe moved two benches in the park.\n"
    assert record_from(text, file_name="a.txt", data=b"")["authors"] == people


_LINES = st.sampled_from(
    [
        "",
        "Zebra benches",
        "Title: Lamps in Fig Lane",
        "Title: Owls",
        "# Marked heading",
        "# 2019 Kettle report of May 2020",
        "**Bold line**",
        "Author: Janet Okafor, Analyst",
        "Date: nonsense",
        "What we found",
        "We walked the park at night and counted who sat there on each of them.",
        "- an item of a list",
        "You must be able to:",
        "Overview",
        "Original URN: ZZ9",
        "ZZ9 Owls fly by night 2",
        "Running head of each page",
    ]
)


@examples(max_examples=60, deadline=None)
@given(st.lists(_LINES, min_size=1, max_size=25), st.sampled_from(["", "Zebra benches"]))
def test_no_word_of_a_document_is_lost(lines: list[str], title: str) -> None:
    text = "\n".join([*lines, "", "Gates were fitted to forty alleys behind the terraces."])
    values = record_from(text, file_name="plain.txt", data=b"", title=title)
    told = [values["title"], *(one[part] for one in values["body"] for part in ("heading", "text"))]
    kept = set(re.findall(r"\w+", " ".join(told).lower()))
    assert set(re.findall(r"\w+", text.lower())) - kept <= {"title"}
