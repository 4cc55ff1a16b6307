"""One visitor without a browser: a session that speaks Streamlit's protocol, opens a page, moves sliders and guesses.

What comes in is read as little as possible, so that a hundred visitors fit beside the server they visit: while a page
opens, its elements are parsed for their sliders and pictures; after that only the numbers of a message's fields are
looked at, which tells an error and the end of a run from all else. Like a browser, a visitor asks for a move's pictures
by their addresses, the first one first, then all others; where a slider that is let go runs nothing, a little later for
the run of the page's end (ui/page/follow.js).
"""

import asyncio
import http.cookiejar
import json
import random
import time
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Slider_pb2 import Slider
from websockets.asyncio.client import ClientConnection, connect

FINISHED = ForwardMsg.DESCRIPTOR.fields_by_name["script_finished"].number
DELTA = ForwardMsg.DESCRIPTOR.fields_by_name["delta"].number
NEW_SESSION = ForwardMsg.DESCRIPTOR.fields_by_name["new_session"].number
NAVIGATION = ForwardMsg.DESCRIPTOR.fields_by_name["navigation"].number
REFERENCE = ForwardMsg.DESCRIPTOR.fields_by_name["ref_hash"].number
ELEMENT = Delta.DESCRIPTOR.fields_by_name["new_element"].number
EXCEPTION = Element.DESCRIPTOR.fields_by_name["exception"].number
SECONDS = 60
# Seconds for which a browser lets a slider rest before it asks for the end of a page that follows its sliders.
REST = 0.25
# Seconds after which it asks again for a picture for which the way was full; each time twice as many.
AGAIN = 0.25


class SessionError(Exception):
    """What a visitor would call broken, in words."""


def fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield number and value of every field of a protobuf message; a part with a length is not copied."""
    at = 0

    def number() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    while at < len(message):
        tag = number()
        kind = tag & 7
        if kind == 0:
            yield tag >> 3, number()
            continue
        if kind not in (1, 2, 5):
            raise ValueError(f"a protobuf field of unknown kind {kind}")
        length = number() if kind == 2 else 8 if kind == 1 else 4
        if at + length > len(message):
            raise ValueError("a protobuf message ends within a field")
        yield tag >> 3, message[at : at + length]
        at += length


def has_exception(delta: memoryview) -> bool:
    """Return whether a delta shows an exception on the page."""
    return any(
        number == ELEMENT and isinstance(element, memoryview) and any(kind == EXCEPTION for kind, _ in fields(element))
        for number, element in fields(delta)
    )


def stops(slider: Slider) -> int:
    """Return how many steps a slider has from one end to the other."""
    return round((slider.max - slider.min) / (slider.step or 1))


def state(slider: Slider, places: list[float]) -> list[float] | list[str]:
    """Return what the browser tells the server of a slider standing at these places: numbers, or a list's own words."""
    if slider.type == Slider.SELECT_SLIDER:
        return [slider.options[round(place)] for place in places]
    return places


def _cookies(address: str) -> str:
    """Return what a server asks a browser to show it from now on."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(address, timeout=SECONDS).close()
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


class Session:
    """A visitor of one page; `moved` sliders take a value they have not had, as long as there is one.

    `keys` are the page's sliders, in order; a page also sends some that nobody sees. `patience` is how many seconds a
    visitor waits for an answer.
    """

    def __init__(
        self,
        server: str,
        page: str,
        query: str,
        seed: int,
        *,
        keys: Sequence[str] = (),
        cookies: bool = False,
        patience: float = SECONDS,
    ) -> None:
        self.server, self.page, self.query = server, page, query.removeprefix("?")
        self.keys = keys
        self.patience = patience
        self.cookies, self.headers = cookies, dict[str, str]()
        self.random = random.Random(seed)
        self.socket: ClientConnection | None = None
        self.page_hash = ""
        self.sliders: dict[str, Slider] = {}
        self.choices: dict[str, ButtonGroup] = {}
        self.fragments: dict[str, str] = {}
        self.end = ""  # the part of the page that follows its sliders
        self.values: dict[str, list[float] | list[str]] = {}
        self.places: list[float] = []
        self.bytes = 0
        self.pictures: dict[str, dict[str, Any]] = {}
        self.client: httpx.AsyncClient | None = None
        # Seconds after which the first and the last picture of a move had come.
        self.seen: list[tuple[float, float]] = []

    async def __aenter__(self) -> Self:
        """Connect; a visitor of a door gets its cookies with the page first, and shows them ever after."""
        where = urlsplit(self.server)
        if self.cookies:
            self.headers["Cookie"] = await asyncio.to_thread(_cookies, self.server)
        self.socket = await connect(
            f"ws://{where.netloc}/_stcore/stream",
            subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"],  # type: ignore[list-item]
            origin=self.server,  # type: ignore[arg-type]
            additional_headers=self.headers,
            max_size=None,
            compression=None,
            open_timeout=self.patience,
            ping_interval=None,
        )
        window = f"{self.random.getrandbits(60):x}"
        self.client = httpx.AsyncClient(
            base_url=self.server, headers={**self.headers, "X-Window": window}, timeout=self.patience
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the tab."""
        if self.client:
            await self.client.aclose()
        if self.socket:
            await self.socket.close()

    async def open(self, slider: str | None = None) -> float:
        """Open the page with its pictures, choose the slider to move, by its label or the first; return the seconds."""
        seconds = await self._run("", reading=True)
        if self.pictures:
            seconds += (await self._ask())[1]
        able = [s for s in self.sliders.values() if not s.disabled and stops(s) > 0]
        if self.keys and not slider:
            seen = {s.query_param_key: s for s in able}
            able = [seen[key] for key in self.keys if key in seen]
        chosen = next((s for s in able if slider in (None, s.label)), None)
        if chosen is None:
            raise SessionError(f"no slider {slider or ''} to move among {[s.label for s in able]}")
        self.slider = chosen
        step = chosen.step or 1
        places = [chosen.min + step * i for i in range(stops(chosen) + 1)]
        self.random.shuffle(places)
        self.places = places
        return seconds

    async def _ask(self) -> tuple[float, float]:
        """Ask for every picture of the page as its address stands now; return the seconds of the first and of all."""
        start = time.perf_counter()
        address = {name: texts[-1] for name, texts in parse_qs(self.query).items()}
        first, *others = self.pictures.values()
        await self._fetch(first, address)
        begun = time.perf_counter() - start
        await asyncio.gather(*(self._fetch(picture, address) for picture in others))
        return begun, time.perf_counter() - start

    async def _fetch(self, picture: dict[str, Any], address: dict[str, str]) -> None:
        asked = {name: address[name] for name in picture["names"] if name in address} | picture["state"]
        if self.client is None:
            raise RuntimeError("connect first: async with Session(...)")
        path, again = f"/figures/{picture['page']}/{picture['key']}", AGAIN
        async with asyncio.timeout(self.patience):
            while (answer := await self.client.get(path, params=asked)).status_code == 429:
                await asyncio.sleep(again)  # so does a browser (ui/plot/picture.js)
                again = min(2 * again, 10)
        self.bytes += len(answer.content)
        if answer.status_code != 200:
            raise SessionError(f"a picture is refused: {answer.status_code} {answer.text[:200]}")

    async def move(self) -> float:
        """Move the slider to its next value; return the seconds until the server had finished."""
        for _ in self.places:
            place = self.places.pop()
            self.places.insert(0, place)
            value = state(self.slider, [place])
            if value != self.values[self.slider.id]:
                break
        self.values[self.slider.id] = value
        if self.slider.query_param_key:
            said = value[0] if isinstance(value[0], str) else f"{value[0]:g}"
            asked = parse_qs(self.query)
            self.query = urlencode({**asked, self.slider.query_param_key: said}, doseq=True)
        return await self._changed(self.slider.id, rest=REST if self.slider.ignore_rerun else 0.0)

    async def choose(self, label: str, option: str) -> float:
        """Choose one of several options by the text of both; return the seconds until the server had finished."""
        chosen = self.choices[label]
        if option not in {o.content for o in chosen.options}:
            raise SessionError(f"no {option!r} among {[o.content for o in chosen.options]}")
        self.values[chosen.id] = [option]
        return await self._changed(chosen.id)

    async def _changed(self, control: str, rest: float = 0.0) -> float:
        run = self._follow(rest) if rest else self._run(self.fragments[control], reading=False)
        if not self.pictures:
            return await run
        seconds, seen = await asyncio.gather(run, self._ask())
        self.seen.append(seen)
        return seconds

    async def _follow(self, rest: float) -> float:
        if not self.end:
            raise SessionError(f"{self.slider.label} runs nothing, and no part of the page follows it")
        await asyncio.sleep(rest)
        return await self._run(self.end, reading=False)

    def _request(self, fragment: str) -> bytes:
        message = BackMsg()
        ask = message.rerun_script
        ask.query_string, ask.page_script_hash, ask.fragment_id = self.query, self.page_hash, fragment
        ask.page_name = "" if self.page_hash else self.page
        ask.context_info.timezone, ask.context_info.locale = "UTC", "en-US"
        ask.context_info.url = f"{self.server}/{self.page}"
        for key, values in self.values.items():
            widget = ask.widget_states.widgets.add(id=key)
            for value in values:
                if isinstance(value, str):
                    widget.string_array_value.data.append(value)
                else:
                    widget.double_array_value.data.append(value)
        return bytes(message.SerializeToString())

    async def _run(self, fragment: str, reading: bool) -> float:
        """Ask for a run of the page and return the seconds until it is finished."""
        if self.socket is None:
            raise RuntimeError("connect first: async with Session(...)")
        request = self._request(fragment)
        start = time.perf_counter()
        async with asyncio.timeout(self.patience):
            await self.socket.send(request)
            while True:
                raw = await self.socket.recv()
                self.bytes += len(raw)
                if isinstance(raw, bytes) and self._finished(raw, reading):
                    return time.perf_counter() - start

    def _finished(self, raw: bytes, reading: bool) -> bool:
        """Take note of one message; return whether it ends the run. A run given up for another one does not."""
        for number, value in fields(memoryview(raw)):
            if number == FINISHED:
                if value == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                    raise SessionError("the page does not compile")
                return value != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            if number == REFERENCE:
                raise SessionError("the server refers to a message this visitor never had")
            if number == NEW_SESSION:
                self.page_hash = ForwardMsg.FromString(raw).new_session.page_script_hash
            elif number == NAVIGATION:
                self.page_hash = ForwardMsg.FromString(raw).navigation.page_script_hash
            elif number == DELTA and isinstance(value, memoryview):
                if has_exception(value):
                    raise SessionError(f"the page shows {ForwardMsg.FromString(raw).delta.new_element.exception.type}")
                if reading:
                    self._read(Delta.FromString(bytes(value)))
        return False

    def _read(self, delta: Delta) -> None:
        component = delta.new_element.bidi_component
        if component.component_name == "picture":
            told = json.loads(component.json)
            self.pictures[told["key"]] = told
        elif component.component_name == "follow":
            self.end = delta.fragment_id
        kind = delta.new_element.WhichOneof("type") if delta.WhichOneof("type") == "new_element" else ""
        if kind == "button_group":
            group = ButtonGroup()
            group.CopyFrom(delta.new_element.button_group)
            self.choices[group.label] = group
            self.fragments[group.id] = delta.fragment_id
        if kind != "slider":
            return
        slider = Slider()
        slider.CopyFrom(delta.new_element.slider)
        self.sliders[slider.id] = slider
        self.fragments[slider.id] = delta.fragment_id
        self.values[slider.id] = state(slider, list(slider.value if slider.set_value else slider.default))
