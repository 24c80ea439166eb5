"""Every page: it answers, has a title of its own, one main heading, and labelled fields."""

import importlib
import itertools
import pkgutil
from collections.abc import Callable
from dataclasses import fields
from inspect import getmembers
from pathlib import Path
from types import ModuleType

import pytest
from bs4 import BeautifulSoup
from jinja2 import meta, nodes
from starlette.testclient import TestClient

import web.pages
from tests.web.conftest import PAGES
from tests.web.people import parsed
from web import errors
from web.award_pages import AwardPage
from web.clashes import ClashContext
from web.context import TEMPLATES, BaseContext, FormPage, MessagePage, environment
from web.pages.contribute_by_document import FoundContext
from web.pages.desk_import import RunContext
from web.pages.desk_vocabulary import TermContext

Page = Callable[..., BeautifulSoup]


@pytest.mark.parametrize("path", PAGES)
def test_page_is_well_formed(page: Page, path: str) -> None:
    soup = page(path)
    assert soup.html["lang"] == "en-GB"
    assert soup.title.text.strip()
    assert len(soup.find_all("h1")) == 1
    levels = [int(heading.name[1]) for heading in soup.find_all(["h1", "h2", "h3", "h4"])]
    jumps = [(a, b) for a, b in itertools.pairwise(levels) if b > a + 1]
    assert not jumps, "a heading level is skipped"
    ids = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)), "an id is used twice"
    labelled = {label.get("for") for label in soup.find_all("label")}
    for box in soup.find_all(["input", "select", "textarea"]):
        assert box.get("type") == "hidden" or box["id"] in labelled
    assert soup.find("a", class_="govuk-skip-link")["href"] == "#main-content"
    assert not soup.find_all(style=True)
    assert not [tag for tag in soup.find_all("script") if tag.string and not tag.get("type")]
    assert "None" not in [cell.text.strip() for cell in soup.find_all(["dd", "td", "li", "p"])]


def test_titles_tell_pages_apart(page: Page) -> None:
    plain = [path for path in PAGES if "?" not in path]
    titles = [page(path).title.text for path in plain]
    assert len(set(titles)) == len(titles)


def test_every_link_inside_the_site_answers(client: TestClient) -> None:
    seen: set[str] = set()
    waiting = ["/"]
    while waiting and len(seen) < 150:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if "text/html" not in answer.headers["content-type"]:
            continue
        for link in parsed(answer.text).find_all("a", href=True):
            href = str(link["href"]).split("#")[0]
            # Searches are without end; one of each kind is enough and stands in PAGES.
            if href.startswith("/") and not href.startswith(("/search?", "/browse/")):
                waiting.append(href)
    assert len(seen) > 40


def _page_modules() -> list[ModuleType]:
    names = [found.name for found in pkgutil.iter_modules(web.pages.__path__)]
    return [importlib.import_module(f"web.pages.{name}") for name in names]


def test_each_page_has_its_template_and_each_template_its_page() -> None:
    modules = {module.__name__.rpartition(".")[2] for module in _page_modules()}
    templates = {path.stem for path in (TEMPLATES / "pages").glob("*.html")}
    assert templates - set(SHARED) <= modules
    # A page without one shows a form, a message or a shared page, leads on, or gives a file.
    shown = {
        "Response",
        "FormPage",
        "MessagePage",
        "HTMLResponse",
        "RedirectResponse",
        "render",
        "see_other",
    }
    for name in modules - templates:
        assert shown & set(vars(importlib.import_module(f"web.pages.{name}")))


GIVEN = {
    "site_name",
    "path",
    "here",
    "address",
    "base",
    "urls",
    "navigation",
    "visitor",
    "done",
}
SHARED = {
    "award_work": AwardPage,
    "clash": ClashContext,
    "contribute_found": FoundContext,
    "desk_import_run": RunContext,
    "desk_term": TermContext,
    "error": errors.Context,
    "form": FormPage,
    "message": MessagePage,
}


@pytest.mark.parametrize("path", sorted((TEMPLATES / "pages").glob("*.html")), ids=lambda p: p.stem)
def test_template_uses_only_what_its_context_holds(path: Path) -> None:
    context = SHARED.get(path.stem)
    if context is None:
        module = importlib.import_module(f"web.pages.{path.stem}")
        context = getattr(module, "Context", BaseContext)
    known = {field.name for field in fields(context)} | GIVEN
    known |= {name for name, value in getmembers(context) if isinstance(value, property)}
    for source in (path, TEMPLATES / "base.html"):
        tree = environment().parse(source.read_text("utf-8"))
        imported = {
            name if isinstance(name, str) else name[1]
            for item in tree.find_all(nodes.FromImport)
            for name in item.names
        }
        macros = {macro.name for macro in tree.find_all(nodes.Macro)}
        assert meta.find_undeclared_variables(tree) - imported - macros <= known


def test_a_page_is_found_by_its_file(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from web.app import modules_of

    (tmp_path / "added_page.py").write_text(
        "from fastapi import APIRouter\nrouter = APIRouter()\n", "utf-8"
    )
    monkeypatch.setattr(web.pages, "__path__", [*web.pages.__path__, str(tmp_path)])
    assert "web.pages.added_page" in [module.__name__ for module in modules_of(web.pages)]
