"""SKOS: vocabularies out to other systems and terms in from them. The only module with rdflib."""

import json
import logging
from typing import Any

from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, OWL, RDF, SKOS, XSD

from kb.errors import FileUnreadable
from kb.settings import settings
from kb.vocabularies.models import Term, Vocabulary

FORMATS = {"turtle": "turtle", "json-ld": "json-ld"}
MEDIA_TYPES = {"turtle": "text/turtle; charset=utf-8", "json-ld": "application/ld+json"}
_ENDINGS = {".ttl": "turtle", ".jsonld": "json-ld", ".json": "json-ld"}
_LARGEST = 20_000_000
_MOST = 20_000

logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # it warns of odd addresses; we refuse


def write(held: Vocabulary, name: str) -> bytes:
    """A vocabulary as `turtle` or `json-ld`."""
    graph = Graph()
    graph.bind("skos", SKOS)
    graph.bind("dcterms", DCTERMS)
    scheme = URIRef(_address(held.id))
    graph.add((scheme, RDF.type, SKOS.ConceptScheme))
    graph.add((scheme, DCTERMS.title, Literal(held.title, "en")))
    graph.add((scheme, DCTERMS.description, Literal(held.definition, "en")))
    graph.add((scheme, DCTERMS.source, Literal(held.origin, "en")))
    for term in held.terms:
        _add(graph, scheme, held, term)
    made: bytes = graph.serialize(format=FORMATS[name], encoding="utf-8")
    return made


def _add(graph: Graph, scheme: URIRef, held: Vocabulary, term: Term) -> None:
    this = URIRef(_address(held.id, term.code))
    graph.add((this, RDF.type, SKOS.Concept))
    graph.add((this, SKOS.inScheme, scheme))
    graph.add((this, SKOS.notation, Literal(term.code)))
    graph.add((this, SKOS.prefLabel, Literal(term.label, "en")))
    graph.add((this, SKOS.definition, Literal(term.definition, "en")))
    for name in term.alt:
        graph.add((this, SKOS.altLabel, Literal(name, "en")))
    for code in term.related:
        graph.add((this, SKOS.related, URIRef(_address(held.id, code))))
    if term.note:
        graph.add((this, SKOS.scopeNote, Literal(term.note, "en")))
    if term.broader:
        graph.add((this, SKOS.broader, URIRef(_address(held.id, term.broader))))
    else:
        graph.add((this, SKOS.topConceptOf, scheme))
        graph.add((scheme, SKOS.hasTopConcept, this))
    if term.deprecated:
        graph.add((this, OWL.deprecated, Literal(True, datatype=XSD.boolean)))
    if term.replaced_by:
        graph.add((this, DCTERMS.isReplacedBy, URIRef(_address(held.id, term.replaced_by))))


def _address(vocabulary_id: str, code: str = "") -> str:
    base = f"{settings().site_address}/vocabularies/{vocabulary_id}"
    return str(Namespace(f"{base}#")[code]) if code else base


def format_of(file_name: str) -> str:
    """The format that a file's ending tells. Raises FileUnreadable."""
    for ending, name in _ENDINGS.items():
        if file_name.lower().endswith(ending):
            return name
    raise FileUnreadable("Give SKOS as Turtle (.ttl) or JSON-LD (.jsonld).")


def read(data: bytes, name: str) -> list[dict[str, Any]]:
    """The concepts of a file as terms, broader ones first; labels in English where there are any.

    Nothing is fetched: JSON-LD whose context stands elsewhere is refused. Raises FileUnreadable.
    """
    if len(data) > _LARGEST:
        raise FileUnreadable("The file is larger than 20 MB; give one vocabulary at a time.")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise FileUnreadable("The file is not text in UTF-8; save it as that.") from None
    if name == "json-ld":
        _refuse_outside_context(data)
    graph = Graph()
    try:
        graph.parse(data=data, format=FORMATS[name], publicID="urn:import:")
    except Exception as error:  # noqa: BLE001  what the parsers raise is open-ended
        first = str(error).strip().splitlines() or [type(error).__name__]
        raise FileUnreadable(
            f"Not {name} that can be used: {first[0][:200]}. Save it anew, in UTF-8."
        ) from None
    concepts = sorted(graph.subjects(RDF.type, SKOS.Concept), key=str)
    if not concepts:
        raise FileUnreadable(
            "The file holds no skos:Concept; `kb vocabularies export` shows what is wanted."
        )
    if len(concepts) > _MOST:
        raise FileUnreadable(f"More than {_MOST:,} concepts; give one vocabulary at a time.")
    codes = {concept: _code(graph, concept) for concept in concepts}
    terms = [_term(graph, concept, codes) for concept in concepts]
    return _broader_first(terms)


def _refuse_outside_context(data: bytes) -> None:
    try:
        held = json.loads(data)
    except (ValueError, RecursionError):
        raise FileUnreadable(
            "Not JSON-LD: the file is not JSON. Save it anew, in UTF-8, or give Turtle (.ttl)."
        ) from None
    waiting = [held]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            contexts = one.get("@context")
            for context in contexts if isinstance(contexts, list) else [contexts]:
                outside = isinstance(context, str) or (
                    isinstance(context, dict) and "@import" in context
                )
                if outside:
                    raise FileUnreadable(
                        "The context of this JSON-LD stands at another address, which is not "
                        "fetched. Give it as Turtle, or with its context inside."
                    )
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one


def _code(graph: Graph, concept: Any) -> str:
    from kb.records.identity import slug

    for value in sorted(map(str, graph.objects(concept, SKOS.notation))):
        if code := slug(value, 60):
            return code
    tail = str(concept).rstrip("/#").rpartition("#")[2].rpartition("/")[2]
    return slug(tail, 60) or slug(_label(graph, concept), 60)


def _term(graph: Graph, concept: Any, codes: dict[Any, str]) -> dict[str, Any]:
    label = _label(graph, concept)
    code = codes[concept]
    if not label or not code:
        raise FileUnreadable(f"The concept {str(concept)[:120]} has no label (skos:prefLabel).")
    broader = next((codes[one] for one in graph.objects(concept, SKOS.broader) if one in codes), "")
    replaced = next(
        (codes[one] for one in graph.objects(concept, DCTERMS.isReplacedBy) if one in codes), ""
    )
    values: dict[str, Any] = {
        "code": code,
        "label": label,
        "definition": _text(graph, concept, SKOS.definition) or label,
        "broader": broader or None,
        "alt": sorted({str(one) for one in graph.objects(concept, SKOS.altLabel)} - {label}),
        "related": sorted(
            codes[one] for one in graph.objects(concept, SKOS.related) if one in codes
        ),
        "note": _text(graph, concept, SKOS.scopeNote),
        "deprecated": (concept, OWL.deprecated, Literal(True, datatype=XSD.boolean)) in graph,
        "replaced_by": replaced or None,
    }
    return {name: value for name, value in values.items() if value}


def _label(graph: Graph, concept: Any) -> str:
    return _text(graph, concept, SKOS.prefLabel)


def _text(graph: Graph, concept: Any, what: Any) -> str:
    """A text of a concept: in English, else without a language, else in any."""
    found = sorted(graph.objects(concept, what), key=str)
    for wanted in (("en", "en-gb", "en-us"), (None,)):
        for one in found:
            if getattr(one, "language", None) in wanted:
                return " ".join(str(one).split())
    return " ".join(str(found[0]).split()) if found else ""


def _broader_first(terms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    waiting = {term["code"]: term for term in terms}
    if len(waiting) < len(terms):
        raise FileUnreadable("Two concepts have the same notation; each needs its own.")
    placed: dict[str, dict[str, Any]] = {}
    while waiting:
        ready = [code for code, term in waiting.items() if term.get("broader") not in waiting]
        if not ready:
            raise FileUnreadable("Some concepts are broader than themselves.")
        for code in ready:
            placed[code] = waiting.pop(code)
    return list(placed.values())
