"""Reading vocabularies from their files."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

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
    import pycountry

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


class _Shelf(Mapping[str, Vocabulary]):
    """Vocabularies by id, each made when it is first asked for: most commands need few."""

    def __init__(self, makers: Mapping[str, Callable[[], Vocabulary]]) -> None:
        self._makers = makers
        self._made: dict[str, Vocabulary] = {}

    def __getitem__(self, vocabulary_id: str) -> Vocabulary:
        made = self._made.get(vocabulary_id)
        if made is None:
            made = self._made.setdefault(vocabulary_id, self._makers[vocabulary_id]())
        return made

    def __contains__(self, vocabulary_id: object) -> bool:
        return vocabulary_id in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@lru_cache(maxsize=4)
def _of_files(seeds: Path) -> Mapping[str, Vocabulary]:
    paths = sorted((seeds / "vocabularies").glob("*.yaml"))
    return _Shelf(
        {
            **{path.stem: partial(read_vocabulary, path) for path in paths},
            "countries": _countries,
            "standards": partial(_standards, seeds / "standards"),
        }
    )


@lru_cache(maxsize=4)
def _with_desk(seeds: Path, desk: published.Stamp | None) -> Mapping[str, Vocabulary]:
    files, terms = _of_files(seeds), published.terms(desk)
    return _Shelf({name: partial(_decided, files, name, terms.get(name, {})) for name in files})


def _decided(
    files: Mapping[str, Vocabulary], name: str, terms: Mapping[str, Mapping[str, Any]]
) -> Vocabulary:
    return changed(files[name], terms) if terms else files[name]


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


def vocabularies() -> Mapping[str, Vocabulary]:
    """Every vocabulary by id: the files, and over them what the vocabulary desk decided.

    Each is read when it is first asked for, which raises VocabularyInvalid where its file is wrong.
    """
    return _with_desk(settings().seeds_dir, published.stamp())


def seeded(vocabulary_id: str) -> Vocabulary | None:
    """A vocabulary as its file has it, without what the desk decided; None when there is none."""
    return _of_files(settings().seeds_dir).get(vocabulary_id)


def vocabulary(vocabulary_id: str) -> Vocabulary:
    """The vocabulary with this id, such as `problem_types`. Raises VocabularyInvalid."""
    known = vocabularies()
    try:
        return known[vocabulary_id]
    except KeyError:
        if vocabulary_id in known:
            raise
        raise VocabularyInvalid(
            f"There is no vocabulary '{vocabulary_id}' in {settings().seeds_dir / 'vocabularies'}; "
            "`kb vocabularies list` names them all. (KB_SEEDS_DIR says where they are.)"
        ) from None
