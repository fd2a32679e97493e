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

from checker.desk.excerpt import excerpt, picture
from checker.desk.pages import Pages
from checker.desk.session import Session
from checker.engagement.desk_folder import LEDGER
from checker.errors import ZcfError
from checker.report.formats import Job, render
from checker.report.messages import problem_text
from checker.resources import templates_dir

COOKIE = "zcf_desk"
HOSTS = ("127.0.0.1", "localhost", "[::1]")
MAX_BODY = 64_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
Handler: TypeAlias = Callable[[Request], Awaitable[Response]]


class _Desk:
    """What the routes do; every one of them goes through ``guarded``."""

    def __init__(self, session: Session, token: str, now: Callable[[], str]) -> None:
        self.session = session
        self.token = token
        self.now = now
        self.pages = Pages(session)

    def has(self, given: str) -> bool:
        """True for the token."""
        return hmac.compare_digest(given.encode(), self.token.encode())

    def guarded(self, handler: Handler) -> Handler:
        """Refuse other hosts and callers without the token; close the page to the outside."""

        async def inner(request: Request) -> Response:
            host = request.headers.get("host", "").rsplit(":", 1)[0]
            if host not in HOSTS:
                return Response("host", 421)
            given = (request.cookies.get(COOKIE, ""), request.query_params.get("token", ""))
            if not any(map(self.has, given)):
                return Response("token", 403)
            response = await handler(request)
            response.headers.update(_HEADERS)
            return response

        return inner

    async def home(self, request: Request) -> Response:
        """The list; the token moves from the address into a cookie."""
        if "token" in request.query_params:
            answer = RedirectResponse(f"/?lang={_lang(request)}", 303)
            answer.set_cookie(COOKIE, self.token, httponly=True, samesite="strict")
            return answer
        return HTMLResponse(self.pages.whole(_lang(request), self.token))

    async def item(self, request: Request) -> Response:
        """One question or finding."""
        key = request.query_params.get("key", "")
        for one in self.session.items():
            if f"{one.kind}:{one.key}" == key:
                return HTMLResponse(self.pages.item(one, _lang(request)))
        return Response("item", 404)

    async def place(self, request: Request) -> Response:
        """What stands at a place of the dossier."""
        names = ("file", "sheet", "cell", "line", "column", "page")
        given = {name: request.query_params.get(name, "") for name in names}
        wanted: dict[str, str | int] = {
            name: int(value) if name in names[3:] else value
            for name, value in given.items()
            if value and (name in names[:3] or (value.isdecimal() and len(value) < 10))
        }
        session = self.session
        found = await run_in_threadpool(excerpt, session.files, wanted, session.hashes)
        return HTMLResponse(self.pages.place(found, {"file": "", **wanted}, _lang(request)))

    async def picture(self, request: Request) -> Response:
        """A page of a document, or an image, as it looks."""
        page = request.query_params.get("page", "1")
        number = int(page) if page.isdecimal() and len(page) < 6 else 1
        path, session = request.query_params.get("file", ""), self.session
        found = await run_in_threadpool(picture, session.files, path, number, session.hashes)
        if found is None:
            return Response("picture", 404)
        return Response(found[0], media_type=found[1])

    async def report(self, request: Request) -> Response:
        """The report with everything that was judged so far, as a file."""
        form = "pdf" if request.url.path.endswith(".pdf") else "html"
        job = Job(self.session.result, _lang(request), self.session.record)
        (name, content), *_ = (await run_in_threadpool(render, job, [form])).items()
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        return Response(content, media_type="application/octet-stream", headers=headers)

    async def judge(self, request: Request) -> Response:
        """Record a judgement, or say why it cannot be."""
        if not self.has(request.headers.get("x-zcf-token", "")):
            return Response("token", 403)
        body = await request.body()
        try:
            given = json.loads(body) if len(body) <= MAX_BODY else None
        except (ValueError, RecursionError):
            given = None
        if not isinstance(given, dict):
            return Response("body", 400)
        try:
            await run_in_threadpool(self.session.judge, given, self.now())
        except ZcfError as error:
            told = [problem_text(p.key, p.args, _lang(request)) for p in error.problems]
            return JSONResponse({"problems": told}, 422)
        return JSONResponse({"head": self.session.record["ledger"]["head"]})

    async def ledger(self, request: Request) -> Response:
        """The ledger as a file."""
        path = self.session.folder / LEDGER
        content = path.read_bytes() if path.exists() else b""
        headers = {"Content-Disposition": f"attachment; filename={LEDGER}"}
        return Response(content, media_type="application/x-ndjson", headers=headers)


def application(session: Session, token: str, now: Callable[[], str]) -> Starlette:
    """The application for one session; ``now`` tells the time of a judgement."""
    desk = _Desk(session, token, now)
    pages: dict[str, Handler] = {
        "/": desk.home,
        "/item": desk.item,
        "/place": desk.place,
        "/picture": desk.picture,
        "/report.html": desk.report,
        "/report.pdf": desk.report,
        "/judgements.jsonl": desk.ledger,
        "/favicon.ico": _nothing,
        "/desk.js": _asset("desk.js", "text/javascript"),
        "/desk.css": _asset("desk.css", "text/css"),
    }
    routes = [Route(path, desk.guarded(handler)) for path, handler in pages.items()]
    return Starlette(routes=[*routes, Route("/judge", desk.guarded(desk.judge), methods=["POST"])])


def new_token() -> str:
    """A token nobody can guess."""
    return secrets.token_urlsafe(24)


def _lang(request: Request) -> str:
    return "en" if request.query_params.get("lang") == "en" else "zh"


async def _nothing(request: Request) -> Response:
    return Response(status_code=204)


def _asset(name: str, media: str) -> Handler:
    content = (templates_dir() / "desk" / name).read_bytes()

    async def send(request: Request) -> Response:
        return Response(content, media_type=media)

    return send
