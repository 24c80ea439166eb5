"""Commands of the index: keep it up, search it, measure it."""

import json
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kb.command_line import as_json, file_there
from kb.folders import Check
from kb.later import Later, LaterCommand

if TYPE_CHECKING:
    from index.query import Mode, Query
    from index.results import Hit, Results
    from index.sync import SyncReport

    Figures = dict[str, dict[str, float]]

_modes = click.Choice(["hybrid", "keyword", "semantic"])


@contextmanager
def _bar(length: int, label: str) -> Iterator[Callable[[int], None] | None]:
    """A progress bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty() or not length:
        yield None
        return
    with click.progressbar(length=length, label=label, file=sys.stderr) as bar:
        yield bar.update


@click.group()
def index() -> None:
    """The search index: derived from the store, safe to delete."""


def _kept_up(work: Callable[..., "SyncReport"], *, json_out: bool) -> None:
    from kb.database import session_scope
    from kb.records import service

    with session_scope() as session:
        count = len(service.stamps(session))
    with _bar(count, "Indexing") as progress:
        report = work(progress=progress)
    if json_out:
        click.echo(json.dumps(asdict(report)))
    elif report.rebuilt:
        click.echo(f"Index built: {report.added} records.")
    elif report.changed:
        click.echo(f"{report.added} added, {report.replaced} replaced, {report.removed} removed.")
    else:
        click.echo("The index is up to date.")


@index.command()
@as_json
def sync(*, json_out: bool) -> None:
    """Bring the index up to the store; builds it anew when its settings have changed."""
    from index.sync import sync as work

    _kept_up(work, json_out=json_out)


@index.command()
@as_json
def rebuild(*, json_out: bool) -> None:
    """Build the index anew beside the one in use."""
    from index.sync import rebuild as work

    _kept_up(work, json_out=json_out)


@index.command()
@as_json
def status(*, json_out: bool) -> None:
    """Show what the index holds and what it was made with."""
    from index.sync import status as look

    found = look()
    if json_out:
        click.echo(json.dumps(found))
    elif not found["exists"]:
        click.echo("There is no index yet; run `kb index rebuild`.")
    else:
        model: Any = found["identity"]
        size = int(str(found["bytes"])) / 1e6
        click.echo(
            f"Generation {found['generation']}: {found['records']} records, "
            f"{found['passages']} passages, {size:.1f} MB.\n"
            f"Model {model['model']} ({model['revision']}, {model['dimension']} numbers)."
        )


@index.command()
@as_json
def check(*, json_out: bool) -> None:
    """Compare the index with the store; exit 1 when they differ."""
    from index.sync import check as compare
    from kb import jobs

    waits = jobs.index_waits()  # asked first: what is taken in meanwhile must not look amiss
    report = compare()
    if json_out:
        click.echo(json.dumps({"ok": report.ok, "catching_up": waits, **asdict(report)}))
    elif report.ok:
        click.echo(f"The index agrees with the store: {report.records} records.")
    else:
        for name in ("missing", "surplus", "outdated", "problems"):
            found: list[str] = getattr(report, name)
            if found:
                click.echo(f"{name}: {len(found)}: {', '.join(found[:10])}")
        click.echo(_remedy(waits=waits, worker=jobs.worker_runs()))
    if not report.ok:
        sys.exit(1)


def _remedy(*, waits: bool, worker: bool) -> str:
    """What to do about an index that differs from the store."""
    if waits and worker:
        return "The index is still catching up with the store: check again in a moment."
    if waits:
        return (
            "Changes wait to be taken into the index, and no worker runs: start `kb serve` or "
            "`kb worker`, or run `kb index sync`."
        )
    return "Run `kb index sync`; if that does not help, `kb index rebuild`."


@click.command()
@click.argument("text")
@click.option(
    "--mode", type=_modes, default="hybrid", show_default=True, help="Words, meaning, or both."
)
@click.option(
    "--filter", "filters", multiple=True, metavar="NAME=VALUE", help="Narrow down; repeatable."
)
@click.option(
    "--limit",
    type=click.IntRange(1, 100),
    default=10,
    show_default=True,
    help="How many to print.",
)
@as_json
def search(text: str, mode: str, filters: tuple[str, ...], limit: int, *, json_out: bool) -> None:
    """Search for TEXT and print the best records."""
    from index.facets import FACET
    from index.query import Query
    from index.search import search as answer

    params = [("q", text), ("mode", mode), ("per_page", str(limit))]
    for given in filters:
        name, equals, value = given.partition("=")
        if not equals or name not in FACET:
            raise click.UsageError(
                f"--filter {given}: give NAME=VALUE; names are {', '.join(sorted(FACET))}"
            )
        params.append((name, value))
    results = answer(Query.from_params(params))
    if json_out:
        click.echo(json.dumps(_as_data(results), ensure_ascii=False))
    else:
        _print(results)


def _as_data(results: "Results") -> dict[str, Any]:
    return {
        "total": results.total,
        "mode": results.mode,
        "took_ms": round(results.took_ms, 2),
        "notes": _notes(results),
        "also_searched": [
            {"typed": one.typed, "means": list(one.means)} for one in results.expansions
        ],
        "opening": results.opening and results.opening.text,
        "offers": [
            {"label": one.label, "filters": one.query.filters, "count": one.count}
            for one in results.offers
        ],
        "corrected": [
            {"typed": one.typed, "means": list(one.means)} for one in results.corrections
        ],
        "hits": [_hit_data(hit) for hit in results.hits],
        "facets": {
            facet.name: [
                {"code": value.code, "label": value.label, "count": value.count}
                for value in facet.values
            ]
            for facet in results.facets
        },
    }


def _notes(results: "Results") -> list[str]:
    """What is to be said of the search; of one without words, that it lists all there is."""
    if results.query.text:
        return list(results.notes)
    which = "all records that the filters let through" if results.query.filters else "all records"
    return [f"Nothing to search for was given, so this lists {which}.", *results.notes]


def _hit_data(hit: "Hit") -> dict[str, Any]:
    return {
        "id": hit.id,
        "title": hit.title,
        "score": round(hit.score, 4),
        "found_by": hit.found_by,
        "sections": list(hit.sections),
        "snippet": "".join(text for text, _ in hit.snippet),
        "reasons": list(hit.reasons),
    }


def _added_filters(query: "Query", narrower: "Query") -> str:
    """The options that make a search the narrower one."""
    return "".join(
        f" --filter {shlex.quote(f'{name}={code}')}"
        for name, codes in narrower.filters.items()
        for code in codes
        if code not in query.filters.get(name, ())
    )


def _print(results: "Results") -> None:
    for note in _notes(results):
        click.echo(f"Note: {note}")
    for one in results.expansions:
        if one.means:
            click.echo(f"{one.typed}: also searched {', '.join(one.means)}")
    for correction in results.corrections:
        click.echo(f"{correction.typed}: also searched {', '.join(correction.means)}")
    if results.opening:
        click.echo(
            f"“{results.opening.text}” was taken as part of the question; "
            "its words were not looked for"
        )
    for offer in results.offers:
        click.echo(f"Narrow to {offer.label}:{_added_filters(results.query, offer.query)}")
    found = "records, all there are" if results.whole and results.query.text else "found"
    click.echo(f"{results.total} {found} ({results.took_ms:.0f} ms)")
    for place, hit in enumerate(results.hits, 1):
        click.echo(f"\n{place:>3}. {hit.title}  [{hit.id}]")
        snippet = "".join(click.style(text, bold=lit) for text, lit in hit.snippet)
        if snippet:
            click.echo(f"     {snippet}")
        where = f"in {', '.join(hit.sections)}" if hit.sections else ""
        by = {"meaning": "found by meaning"}.get(hit.found_by, "")
        if where or by:
            click.echo(f"     {'; '.join(filter(None, (where, by)))}")


@click.command()
@click.option("--corpus", type=file_there, help="JSON lines: _id, title, text.")
@click.option("--queries", type=file_there, help="JSON lines: _id, text.")
@click.option("--qrels", type=file_there, help="Table: query, document, grade.")
@click.option("--judged", is_flag=True, help="By the project's own questions, instead.")
@click.option(
    "--from-annotations", is_flag=True, help="By what people here said was useful, instead."
)
@click.option("--mode", "modes", type=_modes, multiple=True, help="Default: all three.")
@as_json
def evaluate(
    corpus: Path | None,
    queries: Path | None,
    qrels: Path | None,
    modes: tuple[str, ...],
    *,
    judged: bool,
    from_annotations: bool,
    json_out: bool,
) -> None:
    """Measure the search on a judged collection in the BEIR layout, or on this site's own index."""
    from index.query import MODES

    chosen = [mode for mode in MODES if not modes or mode in modes]
    files = (corpus, queries, qrels)
    if sum((judged, from_annotations, any(files))) != 1 or any(files) != all(files):
        raise click.UsageError(
            "Give --corpus, --queries and --qrels, or --judged, or --from-annotations."
        )
    if judged:
        _judged(chosen, json_out=json_out)
        return
    if from_annotations:
        figures = _by_annotations(chosen)
    else:
        given = [path for path in files if path]
        figures = _by_collection(given[0], given[1], given[2], chosen)
    if json_out:
        click.echo(json.dumps(figures))
        return
    _print_figures(figures)


def _judged(modes: "list[Mode]", *, json_out: bool) -> None:
    from index.evaluate import evaluate_judged
    from kb.settings import settings

    halves, left_out = evaluate_judged(settings().seeds_dir / "judged", modes)
    if left_out:
        click.echo(f"{left_out} questions have no judged record in this index.", err=True)
    if json_out:
        click.echo(json.dumps(halves))
        return
    for name, figures in halves.items():
        click.echo(name)
        _print_figures(figures)


def _print_figures(figures: "Figures") -> None:
    heads = ("nDCG@10", "MRR@10", "R@100", "judged@10", "p50 ms", "p95 ms")
    click.echo(" " * 10 + "".join(f"{head:>10}" for head in heads))
    for mode, found in figures.items():
        quality = "".join(f"{found[name]:>10.4f}" for name in ("ndcg@10", "mrr@10", "recall@100"))
        times = f"{found['p50_ms']:>10.1f}{found['p95_ms']:>10.1f}"
        click.echo(f"{mode:<10}{quality}{found['judged@10']:>10.0%}{times}")


def _by_collection(corpus: Path, queries: Path, qrels: Path, modes: "list[Mode]") -> "Figures":
    from index.evaluate import evaluate as measure
    from index.evaluate import read_collection

    collection = read_collection(corpus, queries, qrels)
    for note in collection.notes:
        click.echo(note, err=True)
    passages = sum(len(document.passages) for document in collection.documents)
    asked = len(collection.queries) * len(modes)
    with _bar(passages + asked, "Embedding, then asking") as progress:
        return measure(collection, modes, progress=progress)


def _by_annotations(modes: "list[Mode]") -> "Figures":
    from index.evaluate import evaluate_here
    from kb.database import session_scope
    from kb.trails.feedback import judgements

    with session_scope() as session:
        judged = list(judgements(session))
    click.echo(
        f"{len(judged)} judgements on {len({one.query for one in judged})} queries.", err=True
    )
    return evaluate_here(judged, modes)


def _sync_job(payload: dict[str, Any]) -> None:
    from index.sync import sync as work

    work()


def _agreement() -> Check:
    """Whether the index agrees with the store."""
    from index.errors import IndexProblem
    from index.sync import check as compare

    try:
        report = compare()
    except IndexProblem as error:
        return Check("search index", ok=False, finding=str(error), remedy="kb index rebuild")
    if report.ok:
        return Check("search index", ok=True, finding=f"{report.records} records, as in the store")
    differing = len(report.missing) + len(report.surplus) + len(report.outdated)
    found = f"{differing} records differ from the store; {len(report.problems)} other problems"
    return Check("search index", ok=False, finding=found, remedy="kb index sync")


def _find(text: str, limit: int | None = None) -> list[str]:
    """Ids of what a search for `text` finds, best first."""
    from index.query import Query
    from index.search import found_ids

    return found_ids(Query(text=text), limit)


COMMANDS: list[click.Command] = [
    index,
    search,
    evaluate,
    LaterCommand(
        "duplicates",
        "index.duplicate_commands:duplicates",
        "Find records that tell of the same thing, each pair with a score and the reason.",
    ),
]
JOBS: dict[str, Callable[..., Any]] = {
    "index.sync": _sync_job,
    "duplicates.look": Later("index.duplicate_commands:look_again"),
}
CHECKS: list[Callable[[], Check]] = [_agreement]
SERVICES: dict[str, Callable[..., Any]] = {"find": _find}
