"""The rows that stand inside a record: one class for each thing that can occur several times.

Each stands in the file of the group (`kb/records/groups/`) whose fields hold such rows.
"""

from kb.records.parts.assessment import Economics, Emmie, Result
from kb.records.parts.identity import Place
from kb.records.parts.origin import Body, Fact, Provenance, Reference, SecondCheck, SuggestedTag
from kb.records.parts.recognition import Adoption, Award, Contact
from kb.records.parts.response import Activity, Cost, ImplementationProblem, Kit, Option, Partner
from kb.records.parts.scanning import Objective

__all__ = [
    "Activity",
    "Adoption",
    "Award",
    "Body",
    "Contact",
    "Cost",
    "Economics",
    "Emmie",
    "Fact",
    "ImplementationProblem",
    "Kit",
    "Objective",
    "Option",
    "Partner",
    "Place",
    "Provenance",
    "Reference",
    "Result",
    "SecondCheck",
    "SuggestedTag",
]
