"""/healthz: whether the store and the index can be used, with the reason where not."""

import time
from typing import Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from index.engine import default_engine
from kb.database import session_scope
from kb.errors import KbError
from kb.records import service
from kb.settings import settings

router = APIRouter()


def store_health() -> dict[str, Any]:
    """Whether the store answers, and how many records it holds for all to see."""
    try:
        with session_scope() as session:
            return {"ok": True, "records": service.count_shown(session)}
    except KbError as error:
        return {"ok": False, "reason": str(error)}


def index_health() -> dict[str, Any]:
    """Whether there is a usable index, how many records it holds and how old it is."""
    try:
        generation = default_engine().generation()
        changed = (settings().index_dir / "current").stat().st_mtime
    except KbError as error:
        return {"ok": False, "reason": str(error)}
    except OSError:
        return {"ok": False, "reason": "The index went away; run `kb index rebuild`."}
    return {
        "ok": True,
        "records": generation.manifest.records,
        "age_seconds": max(0, round(time.time() - changed)),
    }


@router.get("/healthz")
def healthz() -> JSONResponse:
    """200 when all is well, 503 with reasons otherwise."""
    parts = {"store": store_health(), "index": index_health()}
    ok = all(part["ok"] for part in parts.values())
    return JSONResponse(
        {"ok": ok, **parts}, status_code=200 if ok else 503, headers={"Cache-Control": "no-store"}
    )
