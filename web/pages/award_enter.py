"""Write once, enter everywhere: a record as the form of each scheme, with word counts and gaps."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.awards import contests, entering
from kb.awards.models import AwardScheme
from kb.awards.rules import Rules, counted_words, drafted, gaps, rules_of
from kb.database import now, session_scope
from kb.exports import entry_form
from kb.exports.entry_form import Part
from kb.records import PracticeIn
from kb.records.rules import word_count
from web import listings, urls
from web.award_pages import AwardPage, Block, WorkForm, show, signed_in
from web.context import Link, see_other
from web.disclosure import shown_record
from web.errors import PageNotFound
from web.forms import Form, row_number
from web.visitor import visitor_of

router = APIRouter()


@router.get("/records/{record_id}/enter")
def schemes(request: Request, record_id: str) -> Response:
    """Rounds that take entries now, and every scheme whose form the record can be shown as."""
    with session_scope() as session:
        practice = shown_record(session, record_id)
        every = listings.schemes(session)
        open_now = [one for one in contests.running(session) if one.takes_entries(now().date())]
    title = practice.content.title
    forms = tuple(
        WorkForm(
            urls.enter(record_id),
            f"Begin an entry for {one.title}",
            hidden=(("scheme", one.scheme.id), ("year", str(one.year))),
            lead=f"Open until {one.row.closes}." if one.row.closes else "Open now.",
        )
        for one in open_now
        if visitor_of(request).may("submit")
    )
    advice = "" if forms else "No round that you could enter is open on this site now. "
    return show(
        request,
        AwardPage(
            title="Enter for an award",
            robots="noindex",
            crumbs=_crumbs(record_id, title, Link("Enter for an award")),
            lead=(f"{advice}“{title}” can be shown as each scheme's form, with words and gaps.",),
            blocks=(
                Block(
                    "As a scheme's form",
                    links=tuple(
                        Link(
                            one.title,
                            urls.enter(record_id, one.id),
                            "" if one.entry.get("criteria") else "criteria not known",
                        )
                        for one in every
                    ),
                ),
            ),
            forms=forms,
            forms_first=True,
        ),
    )


def _crumbs(record_id: str, title: str, *more: Link) -> tuple[Link, ...]:
    return (Link("Home", urls.home()), Link(title, urls.record(record_id)), *more)


@router.post("/records/{record_id}/enter")
def begin(request: Request, record_id: str, form: Form) -> Response:
    """Begins an entry in an open round."""
    account = signed_in(request, "submit")
    scheme, year = form.text("scheme"), row_number(form.text("year"))
    with session_scope(write=True) as session:
        practice = shown_record(session, record_id)
        contest = contests.get(session, scheme, year)
        made = entering.begin(session, account, contest, practice, now().date())
    return see_other(request, urls.awards(scheme, year, "entries", str(made.id)), "draft-begun")


@router.get("/records/{record_id}/enter/{name}")
def as_form(request: Request, record_id: str, name: str) -> Response:
    """The record as one scheme's form; with an ending such as `.md` as a file."""
    scheme_id, _, extension = name.partition(".")
    with session_scope() as session:
        practice = shown_record(session, record_id)
        scheme = listings.scheme(session, scheme_id)
    if scheme is None or (extension and extension not in entry_form.MEDIA_TYPES):
        raise PageNotFound("There is no such scheme, or no file of that kind.")
    rules = rules_of(scheme)
    parts = _parts(practice.content, rules)
    if extension:
        return Response(
            entry_form.write(extension, practice.content.title, scheme.title, parts),
            media_type=entry_form.MEDIA_TYPES[extension],
            headers={
                "Content-Disposition": f'attachment; filename="{record_id}-{name}"',
                "X-Robots-Tag": "noindex",
            },
        )
    content = practice.content
    blocks = [Block("Take it with you", links=_files(record_id, scheme_id))]
    if rules.criteria:
        blocks.append(
            Block("How well the record speaks to what is judged", gaps=tuple(gaps(content, rules)))
        )
    blocks += [
        Block(f"{part.title} ({part.length})", (part.text or "Nothing is written yet.",))
        for part in parts
    ]
    return show(
        request,
        AwardPage(
            title=f"{scheme.title}: {content.title}",
            robots="noindex",
            crumbs=_crumbs(
                record_id,
                content.title,
                Link("Enter for an award", urls.enter(record_id)),
                Link(scheme.title),
            ),
            lead=_known(scheme, rules, content),
            blocks=tuple(blocks),
        ),
    )


def _files(record_id: str, scheme_id: str) -> tuple[Link, ...]:
    names = (("docx", "As Word"), ("md", "As Markdown"))
    return tuple(Link(label, urls.enter(record_id, f"{scheme_id}.{end}")) for end, label in names)


def _known(scheme: AwardScheme, rules: Rules, content: PracticeIn) -> tuple[str, ...]:
    lines = []
    if not rules.own_form:
        lines.append("The scheme's own form is not known here, so these are our headings.")
    if scheme.entry.get("criteria_note"):
        lines.append(scheme.entry["criteria_note"])
    if rules.total_words:
        words = counted_words(rules, drafted(content, rules.form))
        lines.append(
            f"{words} of at most {rules.total_words} words under the headings without a limit of "
            "their own."
        )
    asked = [*rules.gates]
    if rules.endorser:
        asked.append("Somebody endorses the entry")
    if rules.months:
        asked.append(f"At least {rules.months} months of data")
    if asked:
        lines.append(f"Also asked for: {'; '.join(asked)}.")
    return tuple(lines)


def _parts(content: PracticeIn, rules: Rules) -> list[Part]:
    texts = drafted(content, rules.form)
    return [
        Part(one.title, texts[one.title], _length(texts[one.title], one.words))
        for one in rules.form
    ]


def _length(text: str, limit: int | None) -> str:
    words = word_count(text)
    if limit is None:
        return f"{words} words"
    over = f", {words - limit} too many" if words > limit else ""
    return f"{words} of at most {limit} words{over}"
