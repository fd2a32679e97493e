"""The desk's web application: loopback only, one token, no request to anywhere.

Every request needs the token, once in the address and from then on as a cookie that no other site
can use; a judgement needs it in a header as well. The host has to be a loopback name, so that no
page elsewhere can reach the desk through a name of its own.
"""

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from checker.desk.excerpt import excerpt
from checker.desk.pages import Pages
from checker.desk.session import Session
from checker.engagement.desk_folder import LEDGER
from checker.errors import ZcfError
from checker.report.messages import problem_text
from checker.resources import templates_dir

COOKIE = "zcf_desk"
HOSTS = ("127.0.0.1", "localhost", "[::1]")
MAX_BODY = 64_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


def application(session: Session, token: str, now: Callable[[], str]) -> Starlette:
    """The application for one session; ``now`` tells the time of a judgement."""
    pages = Pages(session)

    def guarded(handler: Handler) -> Handler:
        async def inner(request: Request) -> Response:
            host = request.headers.get("host", "").rsplit(":", 1)[0]
            if host not in HOSTS:
                return Response("host", 421)
            given = request.cookies.get(COOKIE, "") or request.query_params.get("token", "")
            if not hmac.compare_digest(given.encode(), token.encode()):
                return Response("token", 403)
            response = await handler(request)
            response.headers["Content-Security-Policy"] = POLICY
            response.headers["X-Content-Type-Options"] = "nosniff"
            response.headers["Referrer-Policy"] = "no-referrer"
            response.headers["Cache-Control"] = "no-store"
            return response

        return inner

    async def home(request: Request) -> Response:
        if "token" in request.query_params:
            answer = RedirectResponse(f"/?lang={_lang(request)}", 303)
            answer.set_cookie(COOKIE, token, httponly=True, samesite="strict")
            return answer
        return HTMLResponse(pages.whole(_lang(request), token))

    async def item(request: Request) -> Response:
        key = request.query_params.get("key", "")
        for one in session.items():
            if f"{one.kind}:{one.key}" == key:
                return HTMLResponse(pages.item(one, _lang(request)))
        return Response("item", 404)

    async def place(request: Request) -> Response:
        where = {name: request.query_params.get(name, "") for name in ("file", "sheet", "cell")}
        numbers = {
            name: int(value)
            for name in ("line", "column", "page")
            if (value := request.query_params.get(name, "")).isdigit() and len(value) < 10
        }
        wanted = {key: value for key, value in {**where, **numbers}.items() if value}
        found = await run_in_threadpool(excerpt, session.files, wanted)
        return HTMLResponse(pages.place(found, {"file": "", **wanted}, _lang(request)))

    async def judge(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("x-zcf-token", "").encode(), token.encode()):
            return Response("token", 403)
        body = await request.body()
        try:
            given = json.loads(body) if len(body) <= MAX_BODY else None
        except ValueError:
            given = None
        if not isinstance(given, dict):
            return Response("body", 400)
        try:
            await run_in_threadpool(session.judge, given, now())
        except ZcfError as error:
            told = [problem_text(p.key, p.args, _lang(request)) for p in error.problems]
            return JSONResponse({"problems": told}, 422)
        return JSONResponse({"head": session.record["ledger"]["head"]})

    async def ledger(request: Request) -> Response:
        path = session.folder / LEDGER
        content = path.read_bytes() if path.exists() else b""
        headers = {"Content-Disposition": f"attachment; filename={LEDGER}"}
        return Response(content, media_type="application/x-ndjson", headers=headers)

    return Starlette(
        routes=[
            Route("/", guarded(home)),
            Route("/item", guarded(item)),
            Route("/place", guarded(place)),
            Route("/judge", guarded(judge), methods=["POST"]),
            Route("/judgements.jsonl", guarded(ledger)),
            Route("/desk.js", guarded(_asset("desk.js", "text/javascript"))),
            Route("/desk.css", guarded(_asset("desk.css", "text/css"))),
        ]
    )


def new_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(24)


def _lang(request: Request) -> str:
    return "en" if request.query_params.get("lang") == "en" else "zh"


def _asset(name: str, media: str) -> Handler:
    content = (templates_dir() / "desk" / name).read_bytes()

    async def send(request: Request) -> Response:
        return Response(content, media_type=media)

    return send
