"""The site: pages and API found by listing their folders, errors, headers, assets."""

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from kb.settings import settings
from web import api, errors, feeds, health, metrics, oai, pages, site_files, urls
from web.build import BUILT
from web.forms import guard
from web.head import AnswersHead
from web.search_limit import SearchLimit
from web.security import OpenToOtherSites, SecurityHeaders

A_YEAR = 365 * 24 * 3600


class Assets(StaticFiles):
    """Built files; an address with its version mark may be kept for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long it may be kept."""
        response = await super().get_response(path, scope)
        marked = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = (
            f"public, max-age={A_YEAR}, immutable" if marked else "no-cache"
        )
        return response


def modules_of(package: ModuleType) -> list[ModuleType]:
    """The modules of a folder, by name: each has a `router`."""
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__))
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]


class Site(FastAPI):
    """The app; its description says 400 where FastAPI would say 422, as errors are answered."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description."""
        described = super().openapi()
        for methods in described["paths"].values():
            for operation in methods.values():
                operation["responses"].pop("422", None)
        schemas = described.get("components", {}).get("schemas", {})
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        return described


def create_app() -> FastAPI:
    """The whole site. Reads settings; opens store and index only when a request needs them."""
    app = Site(
        title=f"{settings().site_name} API",
        version="1",
        description="Read-only access to the records that everybody may see, and to search.",
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{urls.API}/openapi.json",
    )
    app.state.search_limit = SearchLimit()
    guarded = [Depends(guard)]
    for module in [*modules_of(pages), *modules_of(feeds)]:
        app.include_router(module.router, include_in_schema=False, dependencies=guarded)
    for module in modules_of(api):
        app.include_router(module.router, prefix=urls.API, dependencies=guarded)
    for plain in (health, site_files, oai, metrics):
        app.include_router(plain.router, include_in_schema=False, dependencies=guarded)
    app.mount("/assets", Assets(directory=BUILT, check_dir=False), name="assets")
    errors.install(app)
    app.add_middleware(OpenToOtherSites)
    # The highest level takes twice the time to save a thirtieth of the bytes.
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    app.add_middleware(metrics.Measured)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(AnswersHead)
    return app
