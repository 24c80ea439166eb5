"""`make bench`: how fast and how good the search is, beside other engines, in one run.

Every engine gets the same documents, the same passage vectors and the same function that embeds a
query. Times vary with the machine; the ratios are what to compare. Nothing here is a test.
"""

import argparse
import json
import logging
import os
import sys

import click

from index.embed import default_embedder
from tests.benchmarks.measure import (
    Row,
    bulk_embedding,
    in_process_of_its_own,
    known_items,
    one_size,
    one_system,
)
from tests.benchmarks.peers import PEERS
from tests.benchmarks.real import KeptVectors, collection
from tests.benchmarks.served import served


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="*", default=[1_000, 10_000, 100_000])
    parser.add_argument(
        "--beside", type=int, default=10_000, help="records for the second table of all systems"
    )
    parser.add_argument(
        "--served", type=int, default=10_000, help="records for pages from the site; 0 for none"
    )
    parser.add_argument("--systems", nargs="*", default=None, help="default: all")
    parser.add_argument("--known-items", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--json", action="store_true", help="print data as JSON")
    chosen = parser.parse_args()
    logging.getLogger("txtai").setLevel(logging.ERROR)
    judged = collection()
    kept = KeptVectors(default_embedder(), judged.documents)
    passages = len(kept.texts)
    with click.progressbar(length=passages, label="Embedding, once", file=sys.stderr) as bar:
        kept.prepare(bar.update)
    names = ["ours keyword", "ours hybrid", *(peer.name for peer in PEERS)]
    wanted = names if chosen.systems is None else chosen.systems
    systems: dict[str, Row] = {}
    beside: dict[str, Row] = {}
    for name in wanted:
        click.echo(f"{name} …", err=True)
        systems[name] = in_process_of_its_own(one_system, name)
        click.echo(f"{name} on {chosen.beside} records …", err=True)
        beside[name] = in_process_of_its_own(one_system, name, chosen.beside)
    sizes: dict[int, Row] = {}
    for records in chosen.records:
        click.echo(f"{records} records …", err=True)
        sizes[records] = in_process_of_its_own(one_size, records)
    site: Row = {}
    if chosen.served:
        click.echo(f"The site on {chosen.served} records …", err=True)
        site = in_process_of_its_own(served, chosen.served)
    known = {}
    if chosen.known_items:
        click.echo("Known items …", err=True)
        known = in_process_of_its_own(known_items)
    embedding = in_process_of_its_own(bulk_embedding)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if chosen.json:
        told = {
            "systems": systems,
            "beside": beside,
            "ours": sizes,
            "served": site,
            "known_items": known,
        }
        print(json.dumps({**told, "embedding": embedding, "load": load}))
        return
    print(f"CACM, {len(judged.documents)} documents, {len(judged.queries)} queries, ten ids each.")
    print(f"Load of the machine at the end: {load:.1f}. Ratio: theirs / ours in the same mode.")
    print(
        "With the embedding (+emb), ours looks for the words meanwhile; the others take a vector.\n"
        "Ours holds the scores of common words ready, as the site does once it has started.\n"
    )
    print_systems(systems)
    print(f"\nThe same on {chosen.beside} records recombined from the collection's real passages:")
    print_systems(beside)
    print_sizes(sizes)
    if site:
        print(f"\nPages as the site serves them, on {chosen.served:,} records, short questions:")
        for mode, found in site.items():
            print(f"    {mode:<26}{found['p50_ms']:>10}{found['p95_ms']:>10}")
    print_known_items(known)
    print("\nEmbedding: " + "  ".join(f"{key} {value}" for key, value in embedding.items()))


def print_sizes(sizes: dict[int, Row]) -> None:
    """What each size of collection costs, and a line for each way of asking it."""
    print("\nOurs on records recombined likewise, with the tags of real records.")
    print("A page has ten records with snippets and every facet's counts; short is four words.")
    for records, row in sizes.items():
        pace = row["pace"]
        print(
            f"  {records:,} records: index {row['index_s']} s (cpu {row['index_cpu_s']}), "
            f"ready after {row['prepare_s']} s, an edit is found after {row['edit_searchable_s']} "
            f"s, {row['memory_mb']} MB"
        )
        print(
            f"    A fixed piece of work took {pace['p50']} times its quickest, "
            f"one in twenty {pace['p95']} times;"
            "\n    quiet: each time over that work's right beside it, times its quickest."
        )
        times = {way: found for way, found in row.items() if "quiet_p50_ms" in str(found)}
        columns = ("p50_ms", "p95_ms", "cpu_ms", "quiet_p50_ms", "quiet_p95_ms")
        print(f"    {'':<26}" + "".join(f"{name.replace('_', ' '):>14}" for name in columns))
        for way, found in times.items():
            print(f"    {way:<26}" + "".join(f"{found[name]:>14}" for name in columns))
        told = "  ".join(f"{name} {value}" for name, value in row["suggest"].items())
        print(f"    suggestions: {told}")


def print_known_items(known: dict[str, dict[str, float]]) -> None:
    """One line a way of asking: the mean of 1 / place of the item, by mode."""
    if not known:
        return
    print("\nKnown items of the listing, pinning off: mean of 1 / place; plain is bare BM25.")
    for way, row in known.items():
        print(f"  {way:<16}" + "".join(f"{mode} {worth:.4f}  " for mode, worth in row.items()))
    right, slip = known["spelt right"], known["one slip"]
    costs = "  ".join(f"{mode} {right[mode] - slip[mode]:.4f}" for mode in right)
    print(f"  {'a slip costs':<16}{costs}")


def print_systems(systems: dict[str, Row]) -> None:
    """One line a system; times of search alone, and with the query embedded."""
    head = (
        "index s",
        "p50 ms",
        "p95 ms",
        "cpu ms",
        "+emb p50",
        "+emb p95",
        "nDCG@10",
        "MB",
        "ratio",
    )
    print(f"  {'':<16}" + "".join(f"{name:>10}" for name in head))
    for name, row in systems.items():
        if "missing" in row:
            print(f"  {name:<16}  {row['missing']}")
            continue
        hybrid = row.get("with embedding")
        own = systems.get("ours hybrid" if hybrid else "ours keyword", {})
        base, time_of = (
            (own.get("with embedding"), hybrid) if hybrid else (own.get("search"), row["search"])
        )
        ratio = round(time_of["p50_ms"] / base["p50_ms"], 1) if base else ""
        found = row["search"]
        cells = (
            row["index_s"],
            found["p50_ms"],
            found["p95_ms"],
            found["cpu_ms"],
            hybrid["p50_ms"] if hybrid else "",
            hybrid["p95_ms"] if hybrid else "",
            row.get("ndcg@10", ""),
            row["memory_mb"],
            ratio,
        )
        print(f"  {name:<16}" + "".join(f"{cell:>10}" for cell in cells))


if __name__ == "__main__":
    main()
