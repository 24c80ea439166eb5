"""Whether a document tells of a practice at all: many a file that is handed in is the wrong one."""

from crawlers.facts import Facts
from crawlers.structure import Structure

TELLS_NOTHING = (
    "Nothing of a project could be read in it: no problem, nothing that was done and no result."
)
_TELLING_FIELDS = ("problem_types", "response_types")
_LIKELY = 0.5  # a term or fact that is less sure may stand in any text


def tells_nothing(structure: Structure, facts: Facts) -> bool:
    """Whether neither a section, a likely problem or response, nor a sure fact was found."""
    if any(structure.texts().values()):
        return False
    terms = [tag for field in _TELLING_FIELDS for tag in structure.tags.get(field, ())]
    if any(tag.ticked or tag.confidence >= _LIKELY for tag in terms):
        return False
    told = (facts.costs, facts.dates, facts.places, facts.organisations, facts.funding)
    return not any(one.confidence >= _LIKELY for found in told for one in found)
