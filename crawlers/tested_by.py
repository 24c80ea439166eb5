"""How far a practice has been tested, by who a text says measured it: a university or others from
outside make an evaluation independent, whatever words it is told in."""

from dataclasses import replace

from crawlers.facts import Facts
from crawlers.facts.found import EvaluatorFound
from crawlers.structure import Structure
from crawlers.tag import Tag
from kb.vocabularies import vocabulary

_FIELD = "stages"
_LOCALLY, _INDEPENDENTLY = "evaluated-locally", "evaluated-independently"
_OUTSIDE = ("academic", "independent")
_SURE = 0.6


def tested_by(structure: Structure, facts: Facts) -> Structure:
    """The structure with the stage of practice that its evaluators make it."""
    tags = structure.tags.get(_FIELD, [])
    outside = next((one for one in facts.evaluators if _is_from_outside(one)), None)
    if outside is None or not any(tag.code == _LOCALLY for tag in tags):
        return structure
    stage = Tag(
        _FIELD,
        _INDEPENDENTLY,
        vocabulary(_FIELD).label(_INDEPENDENTLY),
        max(outside.confidence, *(tag.confidence for tag in tags)),
        outside.passage,
    )
    kept = [tag for tag in tags if tag.code not in (_LOCALLY, _INDEPENDENTLY)]
    return replace(structure, tags={**structure.tags, _FIELD: [stage, *kept]})


def _is_from_outside(one: EvaluatorFound) -> bool:
    """Whether somebody who had no part in it has measured what came of it."""
    outside = one.kind in _OUTSIDE and one.confidence >= _SURE
    return outside and not one.took_part and not one.to_come
