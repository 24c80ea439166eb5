"""What the pages of an award round share: blocks to read, forms to fill in, and errors in place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import HTMLResponse

from kb.accounts.models import Account
from kb.awards.contests import Contest
from kb.awards.rules import Gap, Rules, write_lines
from kb.records.errors import FieldError, RecordInvalid
from web import urls
from web.context import BaseContext, Link, render
from web.forms import FieldView, Option, Posted
from web.visitor import need


@dataclass(frozen=True)
class Block:
    """Something to read: texts under a heading, links, or a table whose cells are links or text."""

    title: str
    texts: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[Link, ...], ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class WorkForm:
    """One form of the page, under a heading when it has one."""

    action: str
    button: str
    title: str = ""
    lead: str = ""
    fields: tuple[FieldView, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    second: str = ""
    quiet: bool = False


@dataclass(frozen=True, kw_only=True)
class AwardPage(BaseContext):
    """Blocks and forms, these last unless told. `problem` is an error of no one field."""

    lead: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    forms: tuple[WorkForm, ...] = ()
    forms_first: bool = False
    problem: str = ""


def signed_in(request: Request, permission: str) -> Account:
    """The account, which has the permission. Raises SignInNeeded, NotAllowed."""
    account = need(request, permission).account
    assert account is not None
    return account


def entries_table(header: tuple[str, ...], rows: Iterable[tuple[Link, ...]], nothing: str) -> Block:
    """The entries of a round, one a row; `nothing` is said where there are none.

    Columns that say nothing of any entry yet are left out.
    """
    held = tuple(rows)
    told = [place for place, cells in enumerate(zip(*held, strict=True)) if any(map(_says, cells))]
    return Block(
        "Entries",
        () if held else (nothing,),
        header=tuple(header[place] for place in told),
        rows=tuple(tuple(row[place] for place in told) for row in held),
    )


def _says(cell: Link) -> bool:
    return bool(cell.text or cell.note)


def texts(told: Iterable[tuple[str, str]]) -> tuple[Block, ...]:
    """What an entry says under its headings, those left empty apart."""
    return tuple(Block(head, (text,)) for head, text in told if text)


def entry_page(
    contest: Contest,
    number: int,
    title: str,
    parent: Link,
    blocks: Iterable[Block],
    forms: Iterable[WorkForm],
) -> AwardPage:
    """One entry of a round, as those see it who work on the round."""
    return AwardPage(
        title=f"Entry {number}: {title}",
        robots="noindex",
        crumbs=crumbs(contest, parent, Link(f"Entry {number}")),
        blocks=tuple(blocks),
        forms=tuple(forms),
    )


def sure(
    text: str, error: str = "", *, name: str = "sure", hint: str = "It cannot be taken back."
) -> FieldView:
    """A box to tick before something that loses much; a page with two such boxes names them."""
    return FieldView(
        name=name,
        label="To be sure",
        kind="checks",
        hint=hint,
        options=(Option("yes", text),),
        error=error,
    )


def asked(form: Posted, name: str = "sure") -> None:
    """Hold on unless the box of `sure` is ticked. Raises RecordInvalid."""
    if form.text(name) != "yes":
        raise RecordInvalid([FieldError(name, "To be sure", "tick the box to go on", "")])


def show(request: Request, page: AwardPage, status: int = 400) -> HTMLResponse:
    """The page; with this status when something on it is wrong."""
    wrong = page.problem or any(view.error for form in page.forms for view in form.fields)
    return render(request, "award_work", page, status if wrong else 200)


def crumbs(contest: Contest, *more: Link) -> tuple[Link, ...]:
    """The way to a page of a round."""
    scheme, year = contest.scheme, contest.year
    return (
        Link("Home", urls.home()),
        Link("Awards", urls.awards()),
        Link(scheme.title, urls.awards(scheme.id)),
        Link(str(year), urls.awards(scheme.id, year)),
        *more,
    )


def told(
    fields: Sequence[FieldView], errors: Sequence[FieldError] = (), typed: Mapping[str, str] = {}
) -> tuple[FieldView, ...]:
    """The fields with what was typed and what is wrong with it."""
    wrong = {error.field: error.rule for error in errors}
    return tuple(replace(_typed(view, typed), error=wrong.get(view.name, "")) for view in fields)


def _typed(view: FieldView, typed: Mapping[str, str]) -> FieldView:
    if view.name not in typed or view.kind == "checks":
        return view
    given = typed[view.name]
    if view.kind in ("radios", "select"):
        options = tuple(replace(one, chosen=one.code == given) for one in view.options)
        return replace(view, options=options)
    return replace(view, value=given)


def yes(name: str, label: str, *, on: bool, hint: str = "") -> FieldView:
    """A question that is answered with yes or no."""
    options = (Option("yes", "Yes", chosen=on), Option("no", "No", chosen=not on))
    return FieldView(name=name, label=label, kind="radios", hint=hint, options=options)


def rule_fields(rules: Rules) -> tuple[FieldView, ...]:
    """The boxes for a scheme's or a round's rules."""
    return (
        FieldView(
            name="criteria",
            label="What is judged",
            kind="area",
            hint="One on each line, with its weight after a colon, such as “Analysis: 33.3”. "
            "Leave the weights out where they are not known: then all count the same.",
            value=write_lines((one.title, one.weight) for one in rules.criteria),
        ),
        FieldView(
            name="form",
            label="Headings of the entry form",
            kind="area",
            hint="One on each line, with its word limit after a colon, such as “Summary: 400”.",
            value=write_lines((one.title, one.words) for one in rules.form),
        ),
        FieldView(
            name="total_words",
            label="Most words under all headings that have no limit of their own",
            kind="number",
            value=str(rules.total_words or ""),
        ),
        FieldView(
            name="categories",
            label="Categories",
            kind="lines",
            hint="One on each line; none if all compete together.",
            value="\n".join(rules.categories),
        ),
        FieldView(
            name="gates",
            label="Conditions that an entry must meet",
            kind="lines",
            hint="One on each line. The entrant ticks each of them.",
            value="\n".join(rules.gates),
        ),
        FieldView(
            name="months",
            label="Least months of data",
            kind="number",
            value=str(rules.months or ""),
        ),
        yes("endorser", "Must somebody endorse the entry?", on=rules.endorser),
        yes("public_vote", "Is there a public vote?", on=rules.public_vote),
    )


def date_fields(contest: Contest | None) -> tuple[FieldView, ...]:
    """The first and last day for entries."""
    row = contest.row if contest else None
    return tuple(
        FieldView(
            name=name,
            label=label,
            kind="date",
            hint="Such as 2026-03-05; leave empty if it is not set.",
            value=str((getattr(row, name) if row else None) or ""),
        )
        for name, label in (("opens", "Opens on"), ("closes", "Closes on"))
    )


def plain(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """What was posted, the last value of each name."""
    return dict(pairs)
