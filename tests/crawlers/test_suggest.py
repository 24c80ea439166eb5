"""Terms suggested from what a source says."""

from crawlers.suggest import suggested_tags


def test_each_term_once_by_its_weightiest_text() -> None:
    found = suggested_tags(
        (
            ("the title says", "Burglary of sheds", 1.0),
            ("the list says", "burglary and noise", 0.6),
        ),
        ("problem_types",),
    )
    by_code = {tag["code"]: tag for tag in found}
    assert by_code["burglary"]["because"] == "the title says “Burglary”"
    assert by_code["noise"]["because"] == "the list says “noise”"
    assert by_code["noise"]["confidence"] < by_code["burglary"]["confidence"]
    assert len(by_code) == len(found)


def test_little_fits_is_not_suggested() -> None:
    assert suggested_tags((("the list says", "noise", 0.3),), ("problem_types",)) == []
    assert suggested_tags((("the title says", "", 1.0),)) == []
