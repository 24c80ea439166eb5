"""Ready-made records for tests; keyword arguments change single fields."""

from typing import Any

from kb.records import PracticeIn


def practice(**changes: Any) -> PracticeIn:
    """A made-up record with everything that publishing asks for."""
    data: dict[str, Any] = {
        "record_type": "project",
        "title": "Alley gates against burglary in Marsh Lane",
        "summary": "Residents and the council closed back alleys with gates and burglary fell.",
        "aspects": ["what", "how"],
        "problem_types": ["burglary-dwelling"],
        "intervention_levels": ["partnership-problem-solving"],
        "place": {"name": "Marsh Lane", "country": "gb-eng"},
        "started": "2004",
        "problem_statement": "Burglars came through the back alleys of terraced streets.",
        "why_chosen": "It was the crime residents named first.",
        "objectives": [{"text": "Cut burglaries by a fifth in a year"}],
        "data_sources": ["recorded-crime"],
        "causes_situational": "Alleys gave a hidden way to back doors.",
        "response_types": ["harden-targets"],
        "mechanism": "It works by taking away the hidden way in.",
        "works_best_if": "Every household has a key.",
        "partners": [{"organisation": "Marsh Lane Council", "sectors": ["council"]}],
        "cost_band": "medium",
        "implementation_problems": [{"what": "Some residents lost their keys."}],
        "stage_of_practice": "evaluated-locally",
        "evaluation_types": ["outcome"],
        "results": [
            {
                "outcome": "crime-count",
                "measure": "Burglaries a year",
                "before": "120",
                "after": "80",
                "direction": "probably-better",
                "confidence": "low",
                "confidence_reason": "No comparison area.",
            }
        ],
        "learning_do": "Agree who holds the keys.",
        "references": [{"citation": "A made-up report for tests"}],
    }
    data.update(changes)
    return PracticeIn.model_validate(data)


def entry(**changes: Any) -> PracticeIn:
    """A made-up award entry as a listing gives it."""
    data: dict[str, Any] = {
        "record_type": "award-entry",
        "title": "Quiet Nights on Harbour Street",
        "partners": [{"organisation": "Harbour Police Department", "roles": ["lead"]}],
        "awards": [{"scheme": "goldstein", "year": 1999}],
        "provenance": [
            {
                "source": "pop-datasets",
                "external_id": "one",
                "document_url": "https://example.org/one.pdf",
            }
        ],
    }
    data.update(changes)
    return PracticeIn.model_validate(data)
