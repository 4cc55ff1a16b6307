"""The route that answers for a picture: GET figures/{page}/{key} as JSON or a table, plotly.js, the element's code."""

import gzip
import hashlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlencode

import anyio.to_thread
import plotly
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from theory import Refusal
from ui.figures.projector import for_projector
from ui.figures.table import figure_csv
from ui.language import CATALOGUES, ENGLISH, say, speaking
from ui.plot.picture import Drawing, Picture, to_json
from ui.plot.view import LONGEST, Parameters, View, controls_of, read_view
from ui.server import run_queue, table_store
from ui.server.cache import kept
from ui.server.line import FullError, Late, Line, Share
from ui.server.own_rows import OwnRows

_log = logging.getLogger(__name__)

# Where plotly.js is served: its name changes with its version, so that a browser may keep it for ever.
PLOTLY = f"plotly-{plotly.__version__}.min.js"
_PLOTLY_FILE = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
# The element's JavaScript, which the platform would send anew with every picture; its folder is named by its content.
_FILES = ("picture.js", "handles.js", "export.js", "picture-font.woff2", "picture-font-italic.woff2")
_CODE = {name: (Path(__file__).parent / name).read_bytes() for name in _FILES}
_CODE_NAME = hashlib.blake2b(b"".join(_CODE.values()), digest_size=8).hexdigest()
ELEMENT = f"element-{_CODE_NAME}/picture.js"
# The forms of a table, by the end of its name; whether a comma is decimal in it, and a semicolon between columns.
TABLES = {"csv": False, "semicolon.csv": True}
# Requests that compute at once, that one window may have waiting, and that all together may.
PLACES, EACH, MOST = 3, 8, 400
# Pictures that a window may ask for at once, and a second after that: a hand sees 60 a second, and rests now and then.
# The same for a machine, behind which there may be a class; more than this no copy can draw.
OF_WINDOW, OF_MACHINE = (200, 30), (800, 300)
# Who asks too often is told so after so many seconds, as long as no more than so many are waiting for it.
TOLD_AFTER, TOLD_LATE = 1.0, 500
# More parameters than any page has.
MOST_PARAMETERS = 60
# Names the browser's window among those of one machine.
WINDOW = "X-Window"
# Below this many bytes compressing takes longer than it saves; a higher level would, too.
LEAST, LEVEL = 2000, 1
# A sentence ends where another begins: a full stop in a number has no space behind it.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\Wa-z\d_]|\*)")
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
# Seconds for which a browser may show what it has without asking again.
FRESH = 60


class Drawn(Protocol):
    """A page with pictures."""

    @property
    def page(self) -> Parameters:
        """What its address may say."""

    @property
    def figures(self) -> Mapping[str, Drawing]:
        """Its pictures by key."""


def picture(lesson: Drawn, key: str, view: View) -> Picture:
    """Return a picture of a page, in the language and for the room that the View names."""
    drawing = lesson.figures[key]
    with speaking(None if view.language == ENGLISH else CATALOGUES[view.language]):
        found = drawing.draw(view)
        if not view.lecture:
            return found
        figure = for_projector(found.figure, view.theme, bool(drawing.scrub) and view.told)
        return replace(found, figure=figure, caption=_SENTENCE_END.split(found.caption)[0])


def _find(lessons: Mapping[str, Drawn], request: Request) -> tuple[Drawn, str, View, str]:
    """Return whose picture is asked for, which one, for what, and in which form; Refusal where that is nobody's."""
    page, name = request.path_params["page"], request.path_params["key"]
    key, dot, form = name.partition(".")
    if page not in lessons:
        raise Refusal(
            "page must be one of {pages}, got {value!r}: correct the address",
            {"pages": ", ".join(lessons), "value": page[:80]},
        )
    if key not in lessons[page].figures or (dot and form not in TABLES):
        raise Refusal(
            "a picture of this page must be one of {keys}, as it stands or with {ends} behind it, got {value!r}: "
            "correct the address",
            {
                "keys": ", ".join(lessons[page].figures),
                "ends": ", ".join(f".{end}" for end in TABLES),
                "value": name[:80],
            },
        )
    # Read here: a request's own `url` raises where its bytes are no text.
    query = request.scope["query_string"].decode("utf-8", "replace")
    if len(query) > LONGEST:
        raise Refusal(
            "an address must have at most {most:,} characters behind its question mark, got {value:,}: shorten it",
            {"most": LONGEST, "value": len(query)},
        )
    try:
        params = parse_qs(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS)
    except ValueError:
        raise Refusal(
            "an address must have at most {most} parameters, got {value}: leave the others out",
            {"most": MOST_PARAMETERS, "value": query.count("&") + 1},
        ) from None
    return lessons[page], key, read_view(lessons[page].page, params), form


@dataclass(frozen=True)
class _Answer:
    """What is sent: plain, compressed where that is shorter, and the name of this very content."""

    plain: bytes
    packed: bytes
    tag: str


def _compute(lesson: Drawn, key: str, view: View, form: str, address: str) -> _Answer:
    with run_queue.turn(picture=True):
        found = picture(lesson, key, view)
        if form:
            data, own = view.data if lesson.page.experiment else None, dict(view.options)
            body = figure_csv(found.figure, data, own, address=address, comma=TABLES[form]).encode()
        else:
            body = to_json(found)
    packed = gzip.compress(body, LEVEL) if len(body) >= LEAST else b""
    return _Answer(body, packed, f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"')


def _page_address(request: Request, page: Parameters, view: View, path: str) -> str:
    """Return where a visitor sees a picture that is asked for: the page at its settings, as a link to it says them.

    Behind a door that ends the encryption the page alone knows its scheme; it says it when it asks for a table.
    """
    host, came = request.url.netloc[:200], request.headers.get("referer", "")
    said = next((scheme for scheme in ("http", "https") if came.startswith(f"{scheme}://{host}/")), None)
    scheme = said or request.url.scheme
    asked = {c.key: request.query_params[c.key] for c in controls_of(page) if c.key in request.query_params}
    lang = {} if view.language == ENGLISH else {"lang": view.language}
    return f"{scheme}://{host}{path}?{urlencode({'guess': '0' if view.told else '1', **asked, **lang})}"


def routes(lessons: Mapping[str, Drawn], start: str = "") -> list[Route]:
    """Return the routes for the pictures of these pages, and for plotly.js; `start` is where the app's own begin."""
    start = f"/{start.strip('/')}" if start.strip("/") else ""
    line, windows, machines = Line(PLACES, EACH, MOST), Share(*OF_WINDOW), Share(*OF_MACHINE)
    late, first = Late(TOLD_AFTER, TOLD_LATE), next(iter(lessons), "")  # the first page has no name in an address

    @kept(64)  # a class that opens one link asks for the same pictures; at most 0.4 MB each
    def remembered(page: str, key: str, view: View, form: str, address: str) -> _Answer:
        return _compute(lessons[page], key, view, form, address)

    async def answer(request: Request) -> Response:
        machine = request.client.host if request.client else ""
        window = request.headers.get(WINDOW, "")[:80]
        with speaking(CATALOGUES.get(request.query_params.get("lang", ENGLISH))):
            try:
                windows.take(f"{machine} {window}")
                machines.take(machine)
                # Computed in copies of this context, so for the table that is asked for.
                async with line.place(machine, window):
                    with table_store.asking(request.headers.get(table_store.HEADER, "")[:80]):
                        lesson, key, view, form = _find(lessons, request)
                        drawing = lesson.figures[key]
                        private = drawing.private or isinstance(view.rows, OwnRows)
                        stem = lesson.page.stem
                        path = f"{start}/{'' if stem == first else stem}"
                        page = _page_address(request, lesson.page, view, path) if form else ""
                        if private or drawing.grows:
                            found = await anyio.to_thread.run_sync(_compute, lesson, key, view, form, page)
                        else:
                            found = await anyio.to_thread.run_sync(remembered, stem, key, view, form, page)
            except Refusal as refused:
                return _refusal(400, say(refused.template, **refused.values))
            except FullError:
                await late.wait()
                return _refusal(429, say("Too many pictures are asked for at once: wait a moment, then move again."))
            except Exception:
                _log.exception("A picture could not be drawn: %s", request.scope["path"])
                return _refusal(500, say("This picture could not be drawn. The server's log says why."))
        fresh = "no-store" if private else "no-cache" if drawing.grows else f"max-age={FRESH}"
        return _sent(request, found, fresh, form and f"{stem}-{key}.{form}")

    return [
        Route(f"{start}/figures/{{page}}/{{key}}", answer),
        Route(f"{start}/{PLOTLY}", _plotly),
        Route(f"{start}/element-{{name}}/{{file}}", _code),
    ]


def _sent(request: Request, found: _Answer, fresh: str, file_name: str) -> Response:
    headers = {"ETag": found.tag, "Cache-Control": fresh, "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == found.tag:
        return Response(status_code=304, headers=headers)
    if file_name:
        headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    body = found.plain
    if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
        body, headers["Content-Encoding"] = found.packed, "gzip"
    return Response(body, media_type="text/csv; charset=utf-8" if file_name else "application/json", headers=headers)


def _refusal(status: int, sentence: str) -> Response:
    headers = {"Cache-Control": "no-store", **({"Retry-After": "1"} if status == 429 else {})}
    return JSONResponse({"refusal": sentence}, status, headers=headers)


@lru_cache(maxsize=2)
def _plotly_bytes(packed: bool) -> bytes:
    text = _PLOTLY_FILE.read_bytes()
    return gzip.compress(text, 6) if packed else text


async def _plotly(request: Request) -> Response:
    packed = "gzip" in request.headers.get("accept-encoding", "")
    body = await anyio.to_thread.run_sync(_plotly_bytes, packed)
    headers = {**_FOR_EVER, "Vary": "Accept-Encoding"}
    return Response(
        body, media_type="text/javascript", headers=headers | ({"Content-Encoding": "gzip"} if packed else {})
    )


async def _code(request: Request) -> Response:
    """Answer with a file of the element; one that an earlier version's page asks for is today's, and is not kept."""
    body = _CODE.get(request.path_params["file"])
    if body is None:
        return Response("There is no such file.", 404, media_type="text/plain")
    today = request.path_params["name"] == _CODE_NAME
    kind = "font/woff2" if request.path_params["file"].endswith(".woff2") else "text/javascript"
    return Response(body, media_type=kind, headers=_FOR_EVER if today else {"Cache-Control": "no-store"})
