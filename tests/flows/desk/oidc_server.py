"""A small OpenID Connect server in this process. It signs everybody in as ``who`` at once, and cheats where it is told to."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

from flows.desk.serving import bound

CLIENT, SECRET = "shenbao", "a secret of the client"


@dataclass
class OidcServer:
    """``lies`` replace claims of the token (None leaves one out); ``key`` signs, ``shown`` is what it says its key is."""

    who: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    header: dict[str, str] = field(default_factory=lambda: {"alg": "RS256"})
    key: Any = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    shown: Any = None
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __enter__(self) -> OidcServer:
        self._socket = bound("127.0.0.1", 0)
        self.issuer = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.shown = self.shown or self.key
        self._server = uvicorn.Server(uvicorn.Config(self._app(), log_level="error", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(10)
        self._socket.close()

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def note(request: Request, call: Any) -> Response:
            self.asked.append(request.url.path)
            answer: Response = await call(request)
            return answer

        @app.get("/.well-known/openid-configuration")
        def described() -> dict[str, str]:
            ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            return {"issuer": self.issuer, **{k: f"{self.issuer}/{v}" for k, v in ends.items()}}

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            return {"keys": [self.shown.as_dict(private=False)]}

        @app.get("/authorize")
        def authorize(request: Request) -> Response:
            asked = dict(request.query_params)
            code = f"code-{len(self._codes)}"
            self._codes[code] = asked
            return RedirectResponse(
                f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 303
            )

        @app.post("/token")
        async def token(request: Request) -> Response:
            told = await request.form()
            asked = self._codes.pop(str(told.get("code")), None)
            digest = hashlib.sha256(str(told.get("code_verifier")).encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            sound = (
                asked is not None
                and asked["code_challenge"] == challenge
                and asked["redirect_uri"] == told.get("redirect_uri")
                and told.get("client_secret") == SECRET
            )
            if not sound or asked is None:
                return JSONResponse({"error": "invalid_grant"}, 400)
            now = int(time.time())
            claims = {
                "iss": self.issuer,
                "sub": "1",
                "aud": CLIENT,
                "exp": now + 60,
                "iat": now,
                "nonce": asked["nonce"],
            }
            claims = {k: v for k, v in (claims | self.who | self.lies).items() if v is not None}
            return JSONResponse({"token_type": "Bearer", "access_token": "x", "id_token": self._signed(claims)})

        return app

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.header["alg"] == "none":
            import json

            parts = (json.dumps(p).encode() for p in (self.header, claims))
            return ".".join([*(base64.urlsafe_b64encode(p).rstrip(b"=").decode() for p in parts), ""])
        return jwt.encode(self.header, claims, self.key)
