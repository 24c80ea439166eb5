"""Learn from the starter records, which people tagged, what words speak for a term.

    python -m crawlers.learn_leanings DATA_FOLDER

writes `seeds/leanings.npz` (crawlers/leanings.py reads it). A ridge regression for each term over
the words of the records, of those first pages of the listing that records name, and of those that
were labelled to learn from. Records that tell of the same project as a text that is measured on are
left out.
"""

import json
import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from crawlers.labelled import LISTING, Judged, read_learnt
from crawlers.leanings import FILE, STEP, text_words
from kb.seeding import read_yaml
from kb.settings import settings

_STATED = ("problem_types", "response_types", "settings", "populations", "intervention_levels")
_TEXTS = (
    *("title", "summary", "aspect_what", "aspect_how", "aspect_who"),
    *("problem_statement", "why_chosen", "analysis_findings"),
    *("pat_offender", "pat_victim", "pat_location"),
    *("causes_offender", "causes_victim", "causes_location", "causes_community"),
    *("previous_responses", "hypothesis", "response_summary", "mechanism", "targeting_note"),
    "assessment_summary",
)
_LISTS = {
    "activities": ("what", "who"),
    "results": ("measure",),
    "objectives": ("text",),
    "partners": ("organisation", "contribution"),
}
# Their practice is told anew in labelled texts of our own.
_TOLD_ANEW = frozenset(
    {"no-cold-calling-zones-united-kingdom", "operation-tornado-metal-theft-england-wales"}
    | {"cardiff-violence-model", "street-triage-england", "herbert-protocol-norfolk"}
    | {"dementia-safeguarding-scheme-avon-somerset"}
)
_LEAST_TEXTS = 4  # that hold a word
_MOST_SHARE = 0.5  # of the texts; a commoner word tells nothing
_LEAST_EXAMPLES = 2
_RIDGE = 1.0


def records() -> Iterator[dict[str, Any]]:
    """The starter records to learn from: none of a project that a labelled text tells."""
    folder = settings().seeds_dir
    judged = yaml.safe_load((folder / "judged" / "structure" / "listing.yaml").read_text("utf-8"))
    documents = [entry["document"].lower() for entry in judged["texts"]]
    for path in sorted((folder / "records").glob("*.yaml")):
        whole = path.read_text("utf-8").lower()
        if path.stem not in _TOLD_ANEW and not any(name in whole for name in documents):
            yield read_yaml(path)


def _text(record: Mapping[str, Any]) -> str:
    parts = [str(record.get(name) or "") for name in _TEXTS]
    for name, inner in _LISTS.items():
        parts += [str(item.get(key) or "") for item in record.get(name) or () for key in inner]
    return "\n".join(parts)


def _terms(record: Mapping[str, Any]) -> set[tuple[str, str]]:
    terms = {(name, code) for name in _STATED for code in record.get(name) or ()}
    partners, results = record.get("partners") or (), record.get("results") or ()
    terms |= {("agencies", code) for one in partners for code in one.get("sectors") or ()}
    terms |= {("outcomes", one["outcome"]) for one in results if one.get("outcome")}
    return terms | {("outcomes", code) for code in record.get("intended_outcomes") or ()}


def terms_of(page: Judged) -> set[tuple[str, str]]:
    """The terms that a labelled page carries, as (field, code)."""
    return {(field, code) for field, codes in page.labels.items() for code in codes}


def record_texts(data: Path) -> Iterator[tuple[str, set[tuple[str, str]]]]:
    """Each text with its terms: the records, then first pages that records name."""
    with (data / LISTING).open(encoding="utf-8") as rows:
        pages = {
            row["pdf"].rpartition("/")[2].lower(): row["text"] for row in map(json.loads, rows)
        }
    learnt_from = list(records())
    for record in learnt_from:
        yield _text(record), _terms(record)
    for record in learnt_from:
        addresses = [str(one.get("original_url") or "") for one in record.get("provenance") or ()]
        addresses += [str(one.get("url") or "") for one in record.get("references") or ()]
        names = [address.rpartition("/")[2].lower() for address in addresses]
        page = next((pages[name] for name in names if name in pages), None)
        if page is not None:
            yield page, _terms(record)


def learn(examples: Sequence[tuple[str, set[tuple[str, str]]]]) -> dict[str, Any]:
    """What the file holds, from texts with their terms as (field, code)."""
    counts = [Counter(text_words(text)) for text, _ in examples]
    held = Counter(word for count in counts for word in count)
    most = _MOST_SHARE * len(counts)
    words = sorted(word for word, number in held.items() if _LEAST_TEXTS <= number <= most)
    rarity = np.array([1 + math.log((1 + len(counts)) / (1 + held[word])) for word in words])
    rows = {word: row for row, word in enumerate(words)}
    known = np.zeros((len(counts), len(words)))
    for number, count in enumerate(counts):
        for word, times in count.items():
            if word in rows:
                known[number, rows[word]] = (1 + math.log(times)) * rarity[rows[word]]
    known /= np.maximum(np.linalg.norm(known, axis=1, keepdims=True), 1e-9)
    examples_of = Counter(term for _, terms in examples for term in terms)
    terms = sorted(term for term, number in examples_of.items() if number >= _LEAST_EXAMPLES)
    wanted = np.array([[float(term in carried) for term in terms] for _, carried in examples])
    shares = wanted.mean(0)
    solved = np.linalg.solve(known @ known.T + _RIDGE * np.eye(len(counts)), wanted - shares)
    weights = known.T @ solved / np.sqrt(shares * (1 - shares) + 1e-3)
    steps = np.round(weights * rarity[:, None] / STEP)
    return {
        "words": np.array(words),
        "rarity": rarity.astype(np.float32),
        "terms": np.array([f"{field}/{code}" for field, code in terms]),
        "weights": np.clip(steps, -127, 127).astype(np.int8),
        "shares": shares.astype(np.float32),
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    pages = [(page.text, terms_of(page)) for page in read_learnt(folder)]
    learnt = learn([*record_texts(folder), *pages])
    np.savez_compressed(settings().seeds_dir / FILE, **learnt)
    print(f"{len(learnt['words'])} words, {len(learnt['terms'])} terms")
