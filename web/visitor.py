"""Who a request comes from: account or visit, the trail they are on, and what their cookies hold.

Nobody gets a cookie for reading. One is set when a form is shown that changes something, when a
visitor begins a trail, and at sign-in; without cookies the store is not asked.
"""

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass
from functools import cached_property

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from kb.accounts import sessions
from kb.accounts.models import Account
from kb.accounts.roles import PERMISSIONS, may
from kb.accounts.sessions import Current, SignedIn
from kb.alerts import news
from kb.database import now, session_scope
from kb.errors import KbError
from kb.settings import settings
from kb.trails import service as trails
from kb.trails.access import Viewer
from kb.trails.clock import Clock
from kb.trails.errors import TrailNotFound

SESSION_COOKIE = "kb_session"
VISIT_COOKIE = "kb_visit"
TRAIL_COOKIE = "kb_trail"
LINK_COOKIE = "kb_link"
OUTSIDE_COOKIE = "kb_outside"
_LINK_SECONDS = 30 * 24 * 3600
_OUTSIDE_SECONDS = 600
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


class SignInNeeded(KbError):
    """Only somebody with an account may do this; sign in and come back."""

    def __init__(self) -> None:
        super().__init__("Sign in to go on.")


class NotAllowed(KbError):
    """The account lacks a role that this needs; ask an administrator for it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Your account may not do this: {what}. Ask whoever runs this site for the role."
        )


@dataclass(frozen=True)
class OpenTrail:
    """The trail that this browser is on, as the bar on every page shows it."""

    id: str
    title: str
    status: str
    excluded: tuple[str, ...]
    problem_types: tuple[str, ...]
    clock: Clock | None

    @property
    def writes(self) -> bool:
        """Whether it is writing itself now."""
        return self.status == "open"


@dataclass(frozen=True)
class _Cookie:
    value: str
    seconds: int | None
    path: str


class Visitor:
    """One request's visitor. Ask `visitor_of(request)` for it."""

    def __init__(self, request: Request) -> None:
        cookies = request.cookies
        key = cookies.get(VISIT_COOKIE, "")
        self._secure = request.url.scheme == "https"
        self._set: dict[tuple[str, str], _Cookie | None] = {}
        self._link_token = cookies.get(LINK_COOKIE, "")
        self._trail_id = cookies.get(TRAIL_COOKIE, "")
        self._outside = cookies.get(OUTSIDE_COOKIE, "")
        self.token = cookies.get(SESSION_COOKIE, "")
        self.visit_key = key if _KEY.fullmatch(key) else ""
        self.current: Current | None = sessions.who(self.token) if self.token else None
        self.address = request.client.host if request.client else ""

    @property
    def account(self) -> Account | None:
        """Their account; None when they are not signed in."""
        return self.current.account if self.current else None

    @property
    def known(self) -> bool:
        """Whether pages are made for this person, and so must not be kept by anybody."""
        return bool(self.current or self.visit_key or self._link_token or self._set)

    @property
    def viewer(self) -> Viewer:
        """Who they are to trails, lists and verdicts."""
        return Viewer(
            account=self.account.id if self.account else "",
            session_key=self.visit_key,
            link_token=self._link_token,
        )

    @cached_property
    def news(self) -> int:
        """How many pieces of news they have not read."""
        if self.account is None:
            return 0
        with session_scope() as session:
            return news.unread(session, self.account.id)

    def may(self, permission: str) -> bool:
        """Whether they may do this."""
        return may(self.account, permission)

    @property
    def csrf(self) -> str:
        """What every form of theirs must send back; a visitor gets a cookie for it.

        It is bound to the session, not to its token, so that forms in other tabs outlive a renewal.
        """
        if self.current is not None:
            bound = f"session:{self.current.session_id}"
        else:
            if not self.visit_key:
                self.visit_key = secrets.token_urlsafe(32)
                self._keep(VISIT_COOKIE, self.visit_key)
            bound = f"visit:{self.visit_key}"
        return hashlib.sha256(f"csrf:{bound}".encode()).hexdigest()

    def has_csrf(self, given: str) -> bool:
        """Whether this is what a form of theirs sends back."""
        return bool(self.current or self.visit_key) and secrets.compare_digest(
            self.csrf.encode(), given.encode("utf-8", "surrogatepass")
        )

    @cached_property
    def trail(self) -> OpenTrail | None:
        """The trail they are on; None when there is none that they may write to."""
        if not _is_id(self._trail_id):
            return None
        try:
            with session_scope() as session:
                found = trails.view(session, self._trail_id, self.viewer)
        except TrailNotFound:
            return None
        state = found.state
        if not found.may_write or state.status == "closed":
            return None
        return OpenTrail(
            id=found.id,
            title=state.title,
            status=state.status,
            excluded=tuple(state.brief.not_wanted),
            problem_types=tuple(state.brief.problem_types),
            clock=state.running.clock(now()) if state.running else None,
        )

    def go_on(self, trail_id: str) -> None:
        """From now on this browser is on this trail."""
        self._trail_id = trail_id
        self.__dict__.pop("trail", None)
        # As long as the visit for a visitor; an account finds its trails again anyway.
        self._keep(TRAIL_COOKIE, trail_id)

    def try_trail(self, trail_id: str) -> None:
        """Go on with the trail that an address names, if this visitor may write to it."""
        before, self._trail_id = self._trail_id, trail_id
        self.__dict__.pop("trail", None)
        if self.trail is None:
            self._trail_id = before
            self.__dict__.pop("trail", None)
        else:
            self.go_on(trail_id)

    def leave_trail(self, trail_id: str = "") -> None:
        """This browser is on no trail any more; with an id, only if it is that one."""
        if self._trail_id and trail_id in ("", self._trail_id):
            self._trail_id = ""
            self.__dict__.pop("trail", None)
            self._drop(TRAIL_COOKIE)

    def keep_link(self, path: str, token: str) -> None:
        """Remember, for the pages under `path`, the token of a link that opens them."""
        self._keep(LINK_COOKIE, token, seconds=_LINK_SECONDS, path=path)

    def go_outside(self, path: str, back: str) -> str:
        """A secret of this browser's own while it signs in elsewhere; `path` is where it returns.

        Where it wants to go afterwards (`back`) is kept with it.
        """
        secret = secrets.token_urlsafe(32)
        told = base64.urlsafe_b64encode(back.encode()).decode().rstrip("=")
        self._keep(OUTSIDE_COOKIE, f"{secret}.{told}", seconds=_OUTSIDE_SECONDS, path=path)
        return secret

    def come_back(self, path: str) -> tuple[str, str]:
        """The secret it went with and where it wants to go, for once; empty when it did not."""
        secret, _, told = self._outside.partition(".")
        self._set[OUTSIDE_COOKIE, path] = None
        if not _KEY.fullmatch(secret):
            return "", ""
        try:
            back = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode()
        except ValueError:
            back = ""
        return secret, back

    def sign_in(self, signed_in: SignedIn) -> None:
        """Hold this session from now on; what the visit kept becomes the account's."""
        if self.visit_key and (self.account is None or self.account.id != signed_in.account.id):
            with session_scope(write=True) as session:
                trails.claim(session, self.visit_key, signed_in.account.id)
            self._drop(VISIT_COOKIE)
            self.visit_key = ""
        self.hold(signed_in)

    def hold(self, signed_in: SignedIn) -> None:
        """The session's newest token."""
        self.token = signed_in.token
        left = signed_in.expires_at - now()
        self._keep(SESSION_COOKIE, signed_in.token, seconds=max(0, int(left.total_seconds())))

    def forget(self) -> None:
        """After signing out: no session, no trail."""
        for name in (SESSION_COOKIE, TRAIL_COOKIE, VISIT_COOKIE):
            self._drop(name)
        self.token, self.visit_key, self._trail_id, self.current = "", "", "", None
        self.__dict__.pop("trail", None)

    def _keep(self, name: str, value: str, *, seconds: int | None = None, path: str = "/") -> None:
        self._set[name, path] = _Cookie(value, seconds, path)

    def _drop(self, name: str) -> None:
        self._set[name, "/"] = None

    def put(self, response: Response) -> None:
        """Put the cookies on an answer, and keep others from storing what is this person's."""
        for (name, path), cookie in self._set.items():
            if cookie is None:
                response.delete_cookie(
                    name, path=path, httponly=True, samesite="lax", secure=self._secure
                )
            else:
                response.set_cookie(
                    name,
                    cookie.value,
                    max_age=cookie.seconds,
                    path=cookie.path,
                    httponly=True,
                    samesite="lax",
                    secure=self._secure,
                )
        if self.known:
            response.headers["Cache-Control"] = "no-store"
        MutableHeaders(raw=response.raw_headers).add_vary_header("Cookie")


def _is_id(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{16}", text))


def visitor_of(request: Request) -> Visitor:
    """The visitor of a request, looked up once. Raises StoreUnavailable."""
    found = getattr(request.state, "visitor", None)
    if found is None:
        found = request.state.visitor = Visitor(request)
    assert isinstance(found, Visitor)
    return found


def need(request: Request, permission: str = "") -> Visitor:
    """The visitor, signed in and allowed this. Raises SignInNeeded, NotAllowed."""
    visitor = visitor_of(request)
    if visitor.account is None:
        raise SignInNeeded
    if permission and not visitor.may(permission):
        raise NotAllowed(PERMISSIONS[permission])
    return visitor


def own_origins(request: Request) -> set[str]:
    """The origins that forms of this site come from."""
    here = request.url
    found = {f"{here.scheme}://{here.netloc}"}
    if settings().base_url:
        found.add("/".join(settings().base_url.split("/")[:3]))
    return {origin.lower() for origin in found}
