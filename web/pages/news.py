"""What happened that concerns somebody, and marking it as read."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from kb.accounts import people
from kb.alerts import news
from kb.alerts.news import News
from kb.database import session_scope
from kb.trails.access import account_owner
from web import urls
from web.account_forms import ACCOUNT_CRUMBS
from web.context import BaseContext, Link, render, see_other
from web.errors import PageNotFound
from web.forms import Form, row_number
from web.visitor import need

router = APIRouter()


@dataclass(frozen=True)
class Item:
    """One piece of news as it is shown."""

    row: News
    text: str


@dataclass(frozen=True, kw_only=True)
class Context(BaseContext):
    """All news, newest first."""

    items: tuple[Item, ...]
    unread: int


@router.get("/account/news")
def overview(request: Request) -> Response:
    """What is new and what was read."""
    account = need(request).account
    assert account is not None
    with session_scope() as session:
        rows = news.newest(session, account.id)
        names = people.display_names(session, [account_owner(row.by) for row in rows if row.by])
    items = tuple(
        Item(row, row.in_words(names[account_owner(row.by)] if row.by else "A former member"))
        for row in rows
    )
    return render(
        request,
        "news",
        Context(
            title="News",
            robots="noindex",
            crumbs=(*ACCOUNT_CRUMBS, Link("News")),
            items=items,
            unread=sum(row.read_at is None for row in rows),
        ),
    )


@router.post("/account/news/read")
def read(request: Request, form: Form) -> Response:
    """Marks all as read; with `id` that one only, and goes where it leads."""
    account = need(request).account
    assert account is not None
    wanted = form.text("id")
    with session_scope(write=True) as session:
        if not wanted:
            news.mark_read(session, account.id)
            return see_other(request, urls.account("news"), "news-read")
        row = news.one(session, account.id, row_number(wanted))
        if row is None or row.id is None:
            raise PageNotFound("That piece of news is gone.")
        path = row.path
        news.mark_read(session, account.id, [row.id])
    return see_other(request, path)
