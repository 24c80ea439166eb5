"""The collection that judgements are about: the starter records with the real listing."""

from pathlib import Path

from crawlers.files import pages_from
from crawlers.source import source_named
from kb import seeding
from kb.records import PracticeIn, service
from kb.records.identity import identity_keys, new_id
from kb.records.sameness import compare
from kb.settings import PROJECT


def contents(listing: Path) -> dict[str, PracticeIn]:
    """Every starter record and every item of the listing, by the id that each has by itself."""
    found = {}
    for path in sorted((PROJECT / "seeds" / "records").glob("*.yaml")):
        content = service.parse(seeding.read_yaml(path))
        found[content.id or path.stem] = content
    source = source_named("pop-datasets")
    for page in pages_from(listing, source):
        for item in source.records(page):
            if isinstance(item, PracticeIn):
                origin = item.provenance[0]
                found[new_id(item, f"{origin.source} {origin.external_id}")] = item
    return found


def loaded_ids(listing: Path) -> set[str]:
    """The ids that are left when both are loaded and items that tell the same have joined."""
    kept: dict[str, PracticeIn] = {}
    holder: dict[tuple[str, str], str] = {}
    for one, content in contents(listing).items():
        keys = identity_keys(content)
        earlier = (holder[key] for key in keys if key in holder)
        joined = next((i for i in earlier if _same(kept[i], content)), None)
        if joined is None:
            kept[one] = content
        for key in keys:
            holder.setdefault(key, joined or one)
    return set(kept)


def _same(one: PracticeIn, other: PracticeIn) -> bool:
    found = compare(one, other)
    return found is not None and found.level == "same"
