"""What the browser tests share: a Chromium, servers running the app, and pages that have settled.

`server` is one running app for the whole session, `fresh_server()` starts another one that nobody has visited,
`open_page(page, url)` opens an address ("/..." is on `server`) and waits, `settle(page)` waits after a click,
`screenshots` is a folder. `context` and its `page` are empty, and have read the app before;
`new_context()` is a browser that has never been here.
Every page a test opens is watched: an error in its console or a request to another machine fails the test.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, WebError, WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser import chromium
from tests.browser.contexts import ONE_PROCESS, Contexts

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = Path(__file__).parent / "screenshots"
LAUNCH_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    ONE_PROCESS,
)
# Options that a page can have for itself, so that tests which differ in them alone share a context.
OF_A_PAGE = {"viewport", "color_scheme", "forced_colors"}
SERVER_START_SECONDS = 60
SETTLE_SECONDS = 120

# Streamlit says "notRunning" for an instant between a click and the run it causes, and between a run and its st.rerun:
# a page has settled once it has been quiet for longer than that.
QUIET_MILLISECONDS = 200

# Opened at /page, Streamlit's front end looks for its server below /page before the root: those 404s are normal.
STREAMLIT_PROBE = re.compile(r"https?://[^/]+/.+/_stcore/(health|host-config)$")

# A browser says so of every picture that is refused.
REFUSED = re.compile(r"status of 400 .*/figures/")

# Resolves to null once the page is quiet, or to what is still missing when the time is up.
UNTIL_SETTLED = """
async ([quiet, limit]) => {
  const missing = () => {
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app) return 'Streamlit has not started';
    if (app.dataset.testConnectionState !== 'CONNECTED') return 'connection ' + app.dataset.testConnectionState;
    if (app.dataset.testScriptState !== 'notRunning') return 'script ' + app.dataset.testScriptState;
    if (document.documentElement.hasAttribute('data-following')) return 'its numbers are those of before';
    if (document.querySelector('[data-testid="stSkeleton"]')) return 'an element is still a skeleton';
    if (document.querySelector('[data-stale="true"]')) return 'an element is still from the run before';
    const undrawn = [...document.querySelectorAll('.picture')].filter((frame) => frame.checkVisibility() &&
      (frame.ariaBusy !== 'false' || !(frame.querySelector('.plot').ready || frame.nextElementSibling.innerText)));
    const named = undrawn.map(({ ariaLabel, ariaBusy }) => `"${(ariaLabel ?? '').slice(0, 60)}" (busy: ${ariaBusy})`);
    return undrawn.length ? `${undrawn.length} picture(s) neither drawn nor refused: ${named}` : null;
  };
  const start = performance.now();
  let quietSince = null;
  for (;;) {
    const reason = missing(), now = performance.now();
    if (reason) quietSince = null;
    else if (quietSince === null) quietSince = now;
    else if (now - quietSince >= quiet) return null;
    if (now - start > limit) return reason ?? 'the page never rests';
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}
"""


@dataclass(frozen=True)
class Server:
    """A running app: its address without a final slash, the file its output goes to, and its process."""

    url: str
    log_file: Path
    pid: int

    def log(self) -> str:
        return self.log_file.read_text(errors="replace")


@contextmanager
def running_server(
    log_file: Path,
    script: Path = ROOT / "app.py",
    folder: Path = ROOT,
    arguments: Sequence[str] = (),
    port: int = 0,
    path: str = "",
) -> Iterator[Server]:
    """Start the app on a loopback port, a free one for 0, wait until it answers, and end it with all its children.

    Another script can run in its place; the configuration is that of the folder it is started in. `path` is where the
    app begins, "/school", behind a door that has other things at its root.
    """
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(script), f"--server.port={port}"]
    command += ["--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none", *arguments]
    command += [f"--server.baseUrlPath={path.strip('/')}"] if path else []
    one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    with log_file.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **one_thread},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(f"http://127.0.0.1:{port}{path}", log_file, process.pid)
    try:
        wait_until_healthy(server, process)
        yield server
    finally:
        end(process)


def wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"The server ended with code {process.returncode}:\n{server.log()}", pytrace=False)
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"The server did not answer within {SERVER_START_SECONDS} s:\n{server.log()}", pytrace=False)


def end(process: subprocess.Popen[bytes]) -> None:
    for how, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            continue
        break


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("server") / "log.txt") as running:
        yield running


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    """What `page.goto("/...")` starts from."""
    return server.url


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Callable[[], Server]]:
    with ExitStack() as servers:
        count = 0

        def start() -> Server:
            nonlocal count
            count += 1
            return servers.enter_context(running_server(tmp_path / f"server-{count}.txt"))

        yield start


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    try:
        path = chromium.find()
    except chromium.NoChromiumError as error:
        reason = str(error)
    else:
        return {**browser_type_launch_args, "executable_path": path, "args": list(LAUNCH_ARGUMENTS)}
    pytest.fail(reason, pytrace=False)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    desk = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", "reduced_motion": "reduce"}
    return {**desk, **browser_context_args}


@pytest.fixture
def browser_errors() -> Iterator[list[str]]:
    """What went wrong in the test's pages; empty at its end. A test that provokes an error removes it from the list."""
    errors: list[str] = []
    yield errors
    if errors:
        pytest.fail("The browser reported:\n" + "\n".join(errors), pytrace=False)


def forgive(errors: list[str], expected: re.Pattern[str]) -> None:
    """Take from the errors those that a test provokes; none at all would be a test that has not provoked them."""
    others = [error for error in errors if not expected.search(error)]
    assert len(others) < len(errors), f"no {expected.pattern}"
    errors[:] = others


@contextmanager
def watched(context: BrowserContext, errors: list[str]) -> Iterator[BrowserContext]:
    """Note what goes wrong in the pages of a context."""

    def on_console(message: ConsoleMessage) -> None:
        source = message.location.get("url", "")
        if message.type == "error" and not STREAMLIT_PROBE.match(source):
            errors.append(f"console: {message.text} ({source})")

    def on_exception(exception: WebError) -> None:
        errors.append(f"uncaught: {exception.error}")

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.hostname not in {"127.0.0.1", "localhost"}:
            errors.append(f"request to another machine: {request.url}")

    watchers: dict[Any, Any] = {"console": on_console, "weberror": on_exception, "request": on_request}
    for event, watcher in watchers.items():
        context.on(event, watcher)
    yield context
    for event, watcher in watchers.items():
        context.remove_listener(event, watcher)


@pytest.fixture
def new_context(
    fresh_server: Callable[[], Server], new_context: Callable[..., BrowserContext], browser_errors: list[str]
) -> Iterator[Callable[..., BrowserContext]]:
    """The plugin's fixture, watching: another visitor's browser, which has never been here.

    Its pages go before the servers that a test has started: a page that is left behind complains.
    """
    with ExitStack() as watching:
        yield lambda **options: watching.enter_context(watched(new_context(**options), browser_errors))


@pytest.fixture(scope="session")
def contexts(browser: Browser, server: Server) -> Iterator[Contexts]:
    kept = Contexts(browser, f"{server.url}/_stcore/health")
    yield kept
    kept.close()


def options_of(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the options that a test asks for by the plugin's marker."""
    marker = request.node.get_closest_marker("browser_context_args")
    return dict(marker.kwargs) if marker else {}


@pytest.fixture
def context(
    request: pytest.FixtureRequest,
    fresh_server: Callable[[], Server],
    contexts: Contexts,
    browser_context_args: dict[str, Any],
    browser_errors: list[str],
    output_path: str,
) -> Iterator[BrowserContext]:
    """The test's browser, which `page` is a page of: empty, with its own options, and watched.

    Like those of `new_context` its pages go before the servers that the test has started.
    """
    failed = request.session.testsfailed
    own = {key: value for key, value in options_of(request).items() if key not in OF_A_PAGE}
    context = contexts.lend({**browser_context_args, **own})
    with watched(context, browser_errors):
        yield context
        if request.session.testsfailed == failed and not browser_errors:
            contexts.take_back(context)
            return
    for number, page in enumerate(contexts.pages(context), 1):
        with suppress(Error):
            page.screenshot(path=Path(output_path) / f"test-failed-{number}.png", timeout=5_000)
    contexts.drop(context)


@pytest.fixture
def page(request: pytest.FixtureRequest, context: BrowserContext) -> Page:
    """An empty page of the test's browser, of the size and in the colours that the test asks for."""
    page = context.new_page()
    own = {key: value for key, value in options_of(request).items() if key in OF_A_PAGE}
    if size := own.pop("viewport", None):
        page.set_viewport_size(size)
    page.emulate_media(**own)
    return page


@pytest.fixture
def told(page: Page) -> list[Any]:
    """The runs that the page asks the server for, from here on."""
    found: list[Any] = []

    def note(line: WebSocket) -> None:
        line.on("framesent", lambda sent: found.append(BackMsg.FromString(sent).rerun_script))

    page.on("websocket", note)
    return found


@pytest.fixture
def settle() -> Callable[[Page], None]:
    """Wait until Streamlit rests and every chart is drawn; fail if the page shows an exception."""
    return wait_until_settled


@pytest.fixture
def open_page() -> Callable[[Page, str], None]:
    """Open an address and wait until it has settled."""

    def open_page(page: Page, url: str) -> None:
        page.goto(url)
        wait_until_settled(page)

    return open_page


def wait_until_settled(page: Page) -> None:
    missing = page.evaluate(UNTIL_SETTLED, [QUIET_MILLISECONDS, 1000 * SETTLE_SECONDS])
    if missing:
        pytest.fail(f"{page.url} has not settled after {SETTLE_SECONDS} s: {missing}.")
    exceptions = page.get_by_test_id("stException").all_inner_texts()
    if exceptions:
        pytest.fail(f"{page.url} shows an exception:\n" + "\n".join(exceptions))


@pytest.fixture(scope="session")
def screenshots() -> Path:
    SCREENSHOTS.mkdir(exist_ok=True)
    return SCREENSHOTS
