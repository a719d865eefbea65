"""Signing in through the house's own OpenID Connect server: the code flow with PKCE, state and nonce. Nothing here calls anybody
unless the setting ``desk_oidc`` names a server.

Who may sign in, in which role and office, the desk's own accounts say; the server says who somebody is.
"""

from __future__ import annotations

import hashlib
import secrets
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import cachetools

from catalog.oserror import cause
from flows.desk.people import Account, same
from flows.desk.rights import ROLE_NAMES
from flows.exits import UsageFault
from flows.settings import Settings

WAITING_SECONDS = 600.0
"""How long somebody may take at the server."""
_MOST_WAITING = 1000
_ANSWER_SECONDS = 10.0
_FRESH_SECONDS = 3600.0
"""How long what the server says of itself is held."""
_SKEW_SECONDS = 60
"""By how much its clock and ours may differ."""
_ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "RS512", "ES384", "ES512"]
_THIS_MACHINE = frozenset({"127.0.0.1", "localhost", "::1"})
_LEAVES = "统一登录没有完成：{}。请重新登录，或用本系统的用户名和密码登录"


class SignInFailed(Exception):
    """Somebody could not be signed in; the message is Chinese, ``why`` is for the log."""

    def __init__(self, told: str, why: str = "") -> None:
        super().__init__(_LEAVES.format(told))
        self.why = why or told


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-in that has been sent to the server."""

    state: str
    nonce: str
    verifier: str
    back: str


class Oidc:
    """A server. Safe to use from several threads."""

    def __init__(self, settings: Settings) -> None:
        """Raises UsageFault where the settings or the installation will not do."""
        self._settings = settings
        self._issuer = settings.desk_oidc.rstrip("/")
        if not settings.desk_oidc_client:
            raise UsageFault("设置了 desk_oidc，还须用 desk_oidc_client 写明本系统在统一登录中的客户端编号")
        _check_address(self._issuer, "desk_oidc")
        try:
            import authlib.oidc.core  # noqa: F401
        except ImportError as problem:
            raise UsageFault("统一登录（desk_oidc）需要安装 shenbao[oidc]") from problem
        try:
            file = settings.desk_oidc_secret_file
            self._secret = file.read_text("utf-8").strip() if file is not None else ""
        except OSError as problem:
            raise UsageFault(f"desk_oidc_secret_file 读不出：{file}（{cause(problem)}）") from problem
        except UnicodeError as problem:
            raise UsageFault(f"desk_oidc_secret_file 不是UTF-8编码的文本：{file}") from problem
        self._waiting: cachetools.TTLCache[str, Waiting] = cachetools.TTLCache(_MOST_WAITING, WAITING_SECONDS)
        self._lock = threading.Lock()
        self._known: tuple[float, dict[str, Any], Any] | None = None

    def begin(self, back: str) -> tuple[str, str]:
        """The server's address to send somebody to, and the secret that their browser keeps meanwhile. ``back`` is where they come
        back. Raises :class:`SignInFailed`."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        facts, _ = self._server()
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        waiting = Waiting(state, nonce, verifier, back)
        asked = {
            "response_type": "code",
            "client_id": self._settings.desk_oidc_client,
            "redirect_uri": back,
            "scope": "openid profile",
            "state": waiting.state,
            "nonce": waiting.nonce,
            "code_challenge": create_s256_code_challenge(waiting.verifier),
            "code_challenge_method": "S256",
        }
        secret = secrets.token_urlsafe(32)
        with self._lock:
            self._waiting[_digest(secret)] = waiting
        address = str(facts["authorization_endpoint"])
        return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}", secret

    def finish(self, secret: str, state: str, code: str) -> dict[str, Any]:
        """Who came back, as the server's claims. Each sign-in can be finished once. Raises :class:`SignInFailed`."""
        with self._lock:
            waiting = self._waiting.pop(_digest(secret), None)
        if waiting is None or not same(state, waiting.state):
            raise SignInFailed("登录请求已过期，或者不是从这个浏览器发出的", "state")
        facts, keys = self._server()
        told = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": waiting.back,
            "client_id": self._settings.desk_oidc_client,
            "code_verifier": waiting.verifier,
            **({"client_secret": self._secret} if self._secret else {}),
        }
        answer = self._asked("POST", str(facts["token_endpoint"]), told)
        return self._claims(answer, keys, waiting.nonce)

    def _claims(self, answer: dict[str, Any], keys: Any, nonce: str) -> dict[str, Any]:
        from authlib.common.errors import AuthlibBaseError
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError

        about = {"nonce": nonce, "client_id": self._settings.desk_oidc_client}
        wanted = {
            "iss": {"essential": True, "values": [self._issuer, f"{self._issuer}/"]},
            "aud": {"essential": True, "values": [self._settings.desk_oidc_client]},
        }
        try:
            token = jwt.decode(str(answer.get("id_token", "")), keys, algorithms=_ALGORITHMS)
            claims = CodeIDToken(token.claims, token.header, wanted, about)
            claims.validate(leeway=_SKEW_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as problem:
            with self._lock:
                self._known = None  # it may sign with other keys by now
            raise SignInFailed("统一登录的答复核验不通过", f"{type(problem).__name__}: {problem}") from problem
        return dict(claims)

    def account(self, claims: dict[str, Any], accounts: list[Account]) -> Account:
        """The account of somebody who came back. Raises :class:`SignInFailed` where there is none, it is closed, or the server says
        another role or office of them than the account."""
        name = claims.get(self._settings.desk_oidc_name)
        account = next((a for a in accounts if a.name == name), None)
        if account is None or account.disabled:
            raise SignInFailed("本系统中没有这个用户或已停用，请找运维人员（shenbao desk user）", f"account {name!r}")
        for claim, words in (
            (self._settings.desk_oidc_role, {account.role.value, ROLE_NAMES[account.role]}),
            (self._settings.desk_oidc_office, {account.office}),
        ):
            if claim and not words & _texts(claims.get(claim)):
                raise SignInFailed("统一登录所说的角色或单位与本系统中的不一致，请找运维人员核对", f"claim {claim}")
        return account

    def _server(self) -> tuple[dict[str, Any], Any]:
        """What the server says of itself, and its keys."""
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        with self._lock:
            known = self._known
        if known is None or time.monotonic() > known[0]:
            facts = self._asked("GET", f"{self._issuer}/.well-known/openid-configuration")
            try:
                if str(facts["issuer"]).rstrip("/") != self._issuer:
                    raise SignInFailed("统一登录服务器自称的地址与设置不同", f"issuer {facts['issuer']}")
                for key in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                    _check_address(str(facts[key]), key)
                keys = KeySet.import_key_set(self._asked("GET", str(facts["jwks_uri"])))  # type: ignore[arg-type,unused-ignore]
            except (KeyError, UsageFault, JoseError, ValueError, TypeError) as problem:
                raise SignInFailed("统一登录服务器的说明不完整", f"{type(problem).__name__}: {problem}") from problem
            known = (time.monotonic() + _FRESH_SECONDS, facts, keys)
            with self._lock:
                self._known = known
        return known[1], known[2]

    def _asked(self, method: str, address: str, told: dict[str, str] | None = None) -> dict[str, Any]:
        """The server's answer. Nothing of the environment (a proxy of the house for the way outside) is heeded."""
        import httpx

        try:
            with httpx.Client(
                timeout=_ANSWER_SECONDS, trust_env=False, verify=ssl.create_default_context(), follow_redirects=False
            ) as client:
                answer = client.request(method, address, data=told, headers={"Accept": "application/json"})
                answer.raise_for_status()
                found = answer.json()
        except (httpx.HTTPError, ValueError) as problem:
            raise SignInFailed("统一登录服务器没有应答", f"{type(problem).__name__}: {problem}") from problem
        if not isinstance(found, dict):
            raise SignInFailed("统一登录服务器的答复不完整", address)
        return found


def _check_address(address: str, name: str) -> None:
    """Raises UsageFault where passwords and tokens would go over the network unencrypted."""
    parts = urlsplit(address)
    if (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
        return
    raise UsageFault(f"{name} 须是 https:// 开头的地址：{address}")


def _texts(claim: Any) -> set[str]:
    return {str(c) for c in claim} if isinstance(claim, list) else {str(claim)}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
