"""Reading vocabularies from their files."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pycountry
import yaml
from pydantic import ValidationError

from kb.errors import VocabularyInvalid
from kb.settings import settings
from kb.vocabularies import published
from kb.vocabularies.models import Term, Vocabulary

# The same safe loader, in C where PyYAML was built with it: seven times as fast.
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What people call a country beside the names of ISO 3166.
_COUNTRY_NAMES = {
    "GB": ("UK", "Great Britain", "Britain"),
    "US": ("USA", "America", "United States of America"),
    "KR": ("South Korea",),
    "CZ": ("Czech Republic",),
    "NL": ("Holland",),
    "TR": ("Turkey",),
    "RU": ("Russia",),
}
# The nations of the United Kingdom differ in law and police, so they can be told apart.
_NATIONS = ("GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR")


def read_vocabulary(path: Path) -> Vocabulary:
    """One vocabulary file. Raises VocabularyInvalid naming the file and what is wrong in it."""
    try:
        found = Vocabulary.model_validate(_read(path))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise VocabularyInvalid(f"{path.name}: {where}: {first['msg']}") from error
    if found.id != path.stem:
        raise VocabularyInvalid(f"{path.name}: its id is '{found.id}'; id and file name must agree")
    return found


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text("utf-8"), Loader=SAFE_LOADER)  # noqa: S506  it is safe
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise VocabularyInvalid(f"Cannot read {path}: {error}") from error


def _countries() -> Vocabulary:
    """ISO 3166 countries, with the nations of the United Kingdom under it."""
    terms = []
    for country in sorted(pycountry.countries, key=lambda item: item.name):
        label = getattr(country, "common_name", country.name)
        names = {country.name, getattr(country, "official_name", country.name), country.alpha_3}
        names.update(_COUNTRY_NAMES.get(country.alpha_2, ()))
        terms.append(
            Term(
                code=country.alpha_2.lower(),
                label=label,
                definition=getattr(country, "official_name", country.name),
                alt=tuple(sorted(names - {label})),
            )
        )
    for code in _NATIONS:
        nation = pycountry.subdivisions.get(code=code)  # type: ignore[no-untyped-call]
        name = nation.name.partition(" [")[0]  # the library adds the Welsh name in brackets
        terms.append(
            Term(
                code=code.lower(),
                label=name,
                definition=f"{name}, a nation of the United Kingdom.",
                broader="gb",
            )
        )
    return Vocabulary(
        id="countries",
        title="Countries",
        definition="Where it happened.",
        origin="ISO 3166-1 and 3166-2, through the pycountry library.",
        terms=tuple(terms),
    )


def _standards(folder: Path) -> Vocabulary:
    """The criteria of the National Occupational Standards, each under its standard."""
    terms = []
    for path in sorted(folder.glob("*.yaml")):
        data = _read(path)
        urn = str(data["urn"]).removeprefix("SfJ").strip()
        terms.append(
            Term(
                code=data["id"],
                label=f"{urn} {data['title']}",
                definition=f"{data['title']} ({data['body']}, version {data['version']}).",
                alt=(urn, str(data["urn"])),
            )
        )
        for criterion in data["criteria"]:
            if criterion.get("state") == "missing":
                continue  # the printed standard has no such number
            printed = criterion["code"]
            terms.append(
                Term(
                    code=f"{data['id']}-{printed.lower().replace('.', '-')}",
                    label=f"{urn} {printed}: {criterion['paraphrase']}",
                    definition=criterion["paraphrase"],
                    broader=data["id"],
                    alt=(f"{urn} {printed}",),
                )
            )
    return Vocabulary(
        id="standards",
        title="National Occupational Standards",
        definition="Which criterion of a standard a record helps to meet.",
        origin="Standards BA9, BA12 and BA13 by Skills for Justice; codes as printed.",
        terms=tuple(terms),
    )


@lru_cache(maxsize=4)
def _read_all(seeds: Path) -> dict[str, Vocabulary]:
    folder = seeds / "vocabularies"
    found = {path.stem: read_vocabulary(path) for path in sorted(folder.glob("*.yaml"))}
    return {**found, "countries": _countries(), "standards": _standards(seeds / "standards")}


@lru_cache(maxsize=4)
def _read_with_desk(seeds: Path, desk: published.Stamp | None) -> dict[str, Vocabulary]:
    found = dict(_read_all(seeds))
    for vocabulary_id, terms in published.terms(desk).items():
        if vocabulary_id in found:
            found[vocabulary_id] = changed(found[vocabulary_id], terms)
    return found


def changed(held: Vocabulary, terms: Mapping[str, Mapping[str, Any]]) -> Vocabulary:
    """A vocabulary with some of its terms replaced, and new ones at the end.

    Raises VocabularyInvalid when it would contradict itself.
    """
    data = held.model_dump()
    kept = [terms.get(term["code"], term) for term in data["terms"]]
    known = {term.code for term in held.terms}
    data["terms"] = [*kept, *(term for code, term in terms.items() if code not in known)]
    try:
        return Vocabulary.model_validate(data)
    except ValidationError as error:
        raise VocabularyInvalid(f"{held.title}: {error.errors()[0]['msg']}") from error


def vocabularies() -> dict[str, Vocabulary]:
    """Every vocabulary by id: the files, and over them what the vocabulary desk decided."""
    return _read_with_desk(settings().seeds_dir, published.stamp())


def seeded(vocabulary_id: str) -> Vocabulary | None:
    """A vocabulary as its file has it, without what the desk decided; None when there is none."""
    return _read_all(settings().seeds_dir).get(vocabulary_id)


def vocabulary(vocabulary_id: str) -> Vocabulary:
    """The vocabulary with this id, such as `problem_types`. Raises VocabularyInvalid."""
    try:
        return vocabularies()[vocabulary_id]
    except KeyError:
        raise VocabularyInvalid(
            f"There is no vocabulary '{vocabulary_id}' in {settings().seeds_dir / 'vocabularies'}; "
            "check KB_SEEDS_DIR."
        ) from None
