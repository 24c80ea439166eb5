"""Signing in through another service by OpenID Connect, such as an organisation's own accounts.

Off until KB_OIDC_ISSUER and KB_OIDC_CLIENT_ID are set. The browser is sent to the service and comes
back with a code; what the service then tells is believed only when its signature, issuer, audience,
time and nonce are right. State, nonce and the proof of the code (PKCE) are all made from one secret
that only the browser which began holds, so nothing is kept here meanwhile.
"""

import hashlib
import hmac
import ipaddress
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from kb.accounts.errors import OutsideFailed, OutsideMisconfigured
from kb.folders import Check
from kb.settings import settings

log = logging.getLogger(__name__)

_SECONDS = 10.0
_KNOWN_FOR = 3600.0
_LEEWAY = 60
# Only signatures that need the service's own key: never "none", never a shared secret.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]


@dataclass(frozen=True)
class Vouched:
    """Whom the service vouches for."""

    issuer: str
    subject: str
    email: str
    email_verified: bool
    display_name: str


@dataclass(frozen=True)
class _Service:
    """What the service tells about itself, and until when that is believed."""

    metadata: Mapping[str, Any]
    until: float


def offered() -> str:
    """The name under which the service stands on the sign-in page; empty when there is none."""
    chosen = settings()
    return chosen.oidc_name if chosen.oidc_issuer and chosen.oidc_client_id else ""


def begin(back: str, secret: str) -> str:
    """Where to send the browser. `back` is the address that the service sends it to afterwards.

    Raises OutsideFailed, OutsideMisconfigured.
    """
    service = _service()
    with _client(service, back) as client:
        address, _ = client.create_authorization_url(
            service["authorization_endpoint"],
            state=_made(secret, "state"),
            nonce=_made(secret, "nonce"),
            code_verifier=_made(secret, "verifier"),
        )
    return str(address)


def finish(back: str, secret: str, given: Mapping[str, str]) -> Vouched:
    """Whom the service vouches for, from what the browser came back with (`given`).

    Raises OutsideFailed, OutsideMisconfigured.
    """
    state = given.get("state", "")
    if not secret or not hmac.compare_digest(state.encode(), _made(secret, "state").encode()):
        raise OutsideFailed("this browser did not begin it, or began it too long ago")
    if given.get("error"):
        raise OutsideFailed("it was broken off there")
    service = _service()
    if given.get("iss", service["issuer"]) != service["issuer"]:
        raise OutsideFailed("another service answered")
    from authlib.common.errors import AuthlibBaseError
    from httpx2 import HTTPError

    with _client(service, back) as client:
        try:
            token = client.fetch_token(
                service["token_endpoint"],
                grant_type="authorization_code",
                code=given.get("code", ""),
                code_verifier=_made(secret, "verifier"),
            )
        except AuthlibBaseError as error:
            raise OutsideFailed("it did not accept the code it gave", error) from None
        except (HTTPError, ValueError) as error:
            raise OutsideFailed("it cannot be reached", error) from None
        claims = _claims(client, service, token, _made(secret, "nonce"))
        return Vouched(
            issuer=str(service["issuer"]),
            subject=str(claims["sub"]),
            email=str(claims.get("email") or ""),
            email_verified=claims.get("email_verified") is True,
            display_name=str(claims.get("name") or ""),
        )


def check_outside() -> Check:
    """Whether the service that people sign in through answers as it should."""
    if not offered():
        return Check("outside sign-in", True, "off")
    try:
        found = _service()
    except (OutsideFailed, OutsideMisconfigured) as error:
        return Check("outside sign-in", False, str(error), "see KB_OIDC_ISSUER; is it reachable?")
    return Check("outside sign-in", True, f"{found['issuer']} answers")


def forget() -> None:
    """Ask the service about itself anew next time."""
    _known.cache_clear()


def _made(secret: str, what: str) -> str:
    """One of the values that only the holder of the secret can name."""
    return hmac.new(secret.encode(), what.encode(), hashlib.sha256).hexdigest()


def _client(service: Mapping[str, Any], back: str) -> Any:
    from authlib.integrations.httpx_client import OAuth2Client

    chosen = settings()
    known = service.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
    return OAuth2Client(
        client_id=chosen.oidc_client_id,
        client_secret=chosen.oidc_client_secret or None,
        token_endpoint_auth_method=method if chosen.oidc_client_secret else "none",
        scope="openid email profile",
        redirect_uri=back,
        code_challenge_method="S256",
        timeout=_SECONDS,
    )


def _service() -> Mapping[str, Any]:
    """What the service tells about itself, asked once an hour."""
    issuer = settings().oidc_issuer
    found = _known(issuer)
    if time.monotonic() > found.until:
        forget()
        found = _known(issuer)
    return found.metadata


@lru_cache(maxsize=1)
def _known(issuer: str) -> _Service:
    _must_be_safe(issuer)
    metadata = _read(issuer.rstrip("/") + "/.well-known/openid-configuration")
    if metadata.get("issuer") != issuer:
        raise OutsideMisconfigured(
            f"KB_OIDC_ISSUER is '{issuer}', but the service there calls itself "
            f"'{metadata.get('issuer')}'. Set it to exactly that if it is the right one."
        )
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _must_be_safe(str(metadata.get(name, "")))
    return _Service(metadata, time.monotonic() + _KNOWN_FOR)


def _must_be_safe(address: str) -> None:
    """Secrets go there, so it must be https; plain http only on this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https" and host:
        return
    if parts.scheme == "http" and (host == "localhost" or _is_loopback(host)):
        return
    raise OutsideMisconfigured(
        f"'{address}' cannot be used for signing in: the address must begin with https://."
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read(address: str, client: Any = None) -> dict[str, Any]:
    """A JSON answer of the service; with a `client` that holds a token, asked with it."""
    from authlib.common.errors import AuthlibBaseError
    from authlib.integrations.httpx_client import OAuth2Client
    from httpx2 import HTTPError, InvalidURL

    try:
        if client is None:
            with OAuth2Client(timeout=_SECONDS) as plain:
                answer = plain.request("GET", address, withhold_token=True)
        else:
            answer = client.request("GET", address)
        answer.raise_for_status()
        found = answer.json()
    except (HTTPError, InvalidURL, AuthlibBaseError, ValueError) as error:
        raise OutsideFailed("it cannot be reached", error) from None
    if not isinstance(found, dict):
        raise OutsideFailed("its answer cannot be read")
    return found


def _claims(
    client: Any, service: Mapping[str, Any], token: Mapping[str, Any], nonce: str
) -> dict[str, Any]:
    """What the service says about the person, its signature and every claim checked."""
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    issuer, client_id = str(service["issuer"]), settings().oidc_client_id
    try:
        keys: Any = KeySet.import_key_set(_read(str(service["jwks_uri"])))  # type: ignore[arg-type]
        read = jwt.decode(
            str(token.get("id_token", "")),
            keys,
            registry=JWSRegistry(algorithms=_ALGORITHMS, strict_check_header=False),
        )
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": client_id},
            },
            {"nonce": nonce, "client_id": client_id, "access_token": token.get("access_token")},
        )
        claims.validate(leeway=_LEEWAY)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise OutsideFailed("what it says about you cannot be trusted", error) from None
    found = dict(claims)
    if not found.get("sub"):
        raise OutsideFailed("it does not say who you are")
    if "email" not in found and service.get("userinfo_endpoint"):
        more = _read(str(service["userinfo_endpoint"]), client)
        if more.get("sub") != found["sub"]:
            raise OutsideFailed("it tells about two people at once")
        found = {**more, **found}
    return found
