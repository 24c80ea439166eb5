"""A real OpenID Connect provider, small: discovery, authorise, token, keys and user info."""

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, PASSWORD = "safer-practice", "between-us"


@dataclass
class Provider:
    """Who is signed in there, and what it does wrong: `mischief` names one thing."""

    port: int
    person: dict[str, Any] = field(default_factory=dict)
    mischief: str = ""
    issued: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    )

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def discovery(self) -> dict[str, Any]:
        other = "http://127.0.0.1:1" if self.mischief == "named otherwise" else self.issuer
        return {
            "issuer": other,
            "authorization_endpoint": f"{self.issuer}/authorise",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "userinfo_endpoint": f"{self.issuer}/person",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def authorise(self, asked: dict[str, str]) -> str:
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        assert asked["code_challenge_method"] == "S256"
        told = {"state": asked["state"], "iss": self.issuer}
        if self.mischief == "broken off":
            return f"{asked['redirect_uri']}?{urlencode({**told, 'error': 'access_denied'})}"
        if self.mischief == "mixed up":
            told["iss"] = "https://other.example.org"
        code = secrets.token_urlsafe(16)
        self.issued[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({**told, 'code': code})}"

    def token(self, given: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code, once; None when anything of it is not as it was."""
        sent = base64.b64encode(f"{CLIENT}:{PASSWORD}".encode()).decode()
        asked = self.issued.pop(given.get("code", ""), None)
        if asked is None or authorization != f"Basic {sent}":
            return None
        proof = hashlib.sha256(given["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(proof).decode().rstrip("=") != asked["code_challenge"]:
            return None
        if given["redirect_uri"] != asked["redirect_uri"]:
            return None
        told = {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300}
        if self.mischief != "no id token":
            told["id_token"] = self.id_token(asked["nonce"])
        return told

    def id_token(self, nonce: str) -> str:
        moment = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": moment,
            "exp": moment + 300,
            "nonce": nonce,
            **self.person,
        }
        header, key = {"alg": "RS256", "kid": "one"}, self.key
        if self.mischief == "other issuer":
            claims["iss"] = "https://other.example.org"
        elif self.mischief == "other audience":
            claims["aud"] = "another-site"
        elif self.mischief == "expired":
            claims.update(iat=moment - 900, exp=moment - 600)
        elif self.mischief == "other nonce":
            claims["nonce"] = "replayed"
        elif self.mischief == "no nonce":
            del claims["nonce"]
        elif self.mischief == "other key":
            key = RSAKey.generate_key(2048, {"kid": "one"})
        elif self.mischief == "nobody":
            del claims["sub"]
        elif self.mischief == "no signature":
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(
                    base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
                    for part in parts
                )
                + "."
            )
        elif self.mischief == "shared secret":
            # The public key used as a password: what a careless check takes for a signature.
            public = self.key.as_pem(private=False)
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, OctKey.import_key(public))
        if self.mischief == "e-mail apart" or self.mischief == "two people":
            for name in ("email", "email_verified"):
                claims.pop(name, None)
        return jwt.encode(header, claims, key)

    def about(self) -> dict[str, Any]:
        return {**self.person, **({"sub": "another"} if self.mischief == "two people" else {})}


def serve(provider_of: Any) -> ThreadingHTTPServer:
    """A server in a thread; `provider_of(port)` makes what it serves. Shut it down afterwards."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider: Provider = self.server.provider  # type: ignore[attr-defined]
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
            if parts.path == "/.well-known/openid-configuration":
                self.answer(provider.discovery())
            elif parts.path == "/keys":
                self.answer({"keys": [provider.key.as_dict(private=False)]})
            elif parts.path == "/authorise":
                self.send_response(302)
                self.send_header("Location", provider.authorise(asked))
                self.end_headers()
            elif parts.path == "/person" and self.headers["Authorization"] == "Bearer opaque":
                self.answer(provider.about())
            else:
                self.answer({"error": "not_found"}, 404)

        def do_POST(self) -> None:
            provider: Provider = self.server.provider  # type: ignore[attr-defined]
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            given = {name: values[-1] for name, values in parse_qs(body).items()}
            if provider.mischief == "fails":
                self.answer({}, 503)
                return
            told = provider.token(given, self.headers.get("Authorization", ""))
            self.answer(told or {"error": "invalid_grant"}, 200 if told else 400)

        def answer(self, data: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.provider = provider_of(server.server_port)  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}).start()
    return server
