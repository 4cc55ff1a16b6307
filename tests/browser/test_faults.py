"""When things go wrong between a browser and its server: hurried hands, two tabs, a restart, a lost connection."""

import json
import re
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.browser.conftest import ROOT, running_server
from tests.browser.screen import address, asked, check_drawn, menu, move, shown, slider, spec_of, stem_of
from theory import Spec

# A browser looks for its server again with growing pauses.
PATIENCE = 60_000
GONE = re.compile(
    r"WebSocket|ERR_CONNECTION_REFUSED|Failed to load resource|reaching server endpoint|server is not responding"
)


def state(page):
    return page.get_by_test_id("stApp").get_attribute("data-test-connection-state")


def is_consistent(page, spec):
    """Assert that the address, the sliders and the charts all say the same."""
    there = asked(page)
    assert Spec(**{key: value if key in ("overlap", "noise") else int(value) for key, value in there.items()}) == spec
    said = shown(page)
    assert (said["d"], said["seed"]) == (str(spec.d), str(spec.seed))
    assert said["overlap"] == f"{spec.overlap:.0%}"
    check_drawn(page, spec)


def test_the_last_of_many_contrary_moves_wins(page, open_page, settle):
    open_page(page, address("overlap", seed=7))
    for k in range(8):
        slider(page, "overlap").press(("End", "ArrowLeft", "Home", "ArrowRight")[k % 4])
        slider(page, "d").press(("PageUp", "End", "Home", "PageDown")[k % 4])
        slider(page, "seed").press(("ArrowRight", "ArrowLeft")[k % 2])
    menu(page, "distinct").click()
    menu(page, "overlap").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("When they share some")
    settle(page)
    slider(page, "d").press("Home")
    for _ in range(18):
        slider(page, "d").press("ArrowRight")
    slider(page, "overlap").press("End")
    slider(page, "overlap").press("Home")
    move(page, "overlap", "ArrowRight", "ArrowRight", to=0.02, settle=settle)
    page.wait_for_url("**d=20&**")
    settle(page)
    is_consistent(page, Spec(d=20, overlap=0.02, seed=7))


def test_two_tabs_of_one_browser_do_not_disturb_each_other(page, context, open_page, settle):
    other = context.new_page()
    open_page(page, address("overlap", d=40))
    open_page(other, address("overlap", d=300, seed=3))
    move(page, "overlap", "ArrowRight", to=0.41, settle=settle)
    is_consistent(other, Spec(d=300, seed=3))
    move(other, "seed", "ArrowRight", to=4, settle=settle)
    is_consistent(page, Spec(d=40, overlap=0.41))
    is_consistent(other, Spec(d=300, seed=4))


def test_a_page_comes_back_after_the_server_was_restarted(page, open_page, settle, tmp_path, browser_errors):
    with running_server(tmp_path / "first.txt") as first:
        open_page(page, first.url + address("regularize", d=40, n_retain=20, alpha=1))
        move(page, "seed", "ArrowRight", to=1, settle=settle)
    expect(page.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
    with running_server(tmp_path / "second.txt", port=urlsplit(first.url).port) as second:
        expect(page.get_by_test_id("stApp")).to_have_attribute(
            "data-test-connection-state", "CONNECTED", timeout=PATIENCE
        )
        settle(page)
        assert stem_of(page) == "regularize"
        assert asked(page) == {"d": 40, "n_retain": 20, "seed": 1}
        assert "alpha=1&" in page.url + "&"
        move(page, "seed", "ArrowRight", to=2, settle=settle)
        check_drawn(page, spec_of("regularize", d=40, n_retain=20, seed=2))
        assert page.get_by_test_id("stAlert").count() == 0
        assert "Traceback" not in second.log()
        page.goto("about:blank")
    browser_errors[:] = [error for error in browser_errors if not GONE.search(error)]


def test_a_lost_connection_loses_nothing(page, open_page, settle, browser_errors):
    """A lid was closed, or the network is gone for a while: the browser comes back to the session it left."""
    lines = []
    page.route_web_socket(re.compile("_stcore/stream"), lambda line: (line.connect_to_server(), lines.append(line)))
    open_page(page, address("start", d=40).replace("guess=0", "guess=1"))
    page.get_by_role("button", name="Just show me").click()
    settle(page)
    move(page, "seed", "ArrowRight", to=1, settle=settle)
    expect(page.get_by_text("Guess first.")).to_have_count(0)
    lines[-1].close(code=1001, reason="asleep")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", "CONNECTED", timeout=PATIENCE)
    page.wait_for_function("() => true")
    settle(page)
    assert len(lines) == 2
    assert asked(page) == {"d": 40, "seed": 1}
    expect(page.get_by_text("Guess first.")).to_have_count(0)
    move(page, "seed", "ArrowRight", to=2, settle=settle)
    check_drawn(page, Spec(d=40, seed=2))
    browser_errors[:] = [error for error in browser_errors if not GONE.search(error)]


# what the server gives and takes beside the pages

SECRET = (ROOT / "ui" / "shell" / "frame.py").read_text().splitlines()[0]
PATHS = (
    "/ui/shell/frame.py",
    "/app/static/../ui/shell/frame.py",
    "/static/../../ui/shell/frame.py",
    "/static/%2e%2e/%2e%2e/ui/shell/frame.py",
    "/media/../ui/shell/frame.py",
    "/media/..%2fui%2fshell%2fframe.py",
    "/component/x/../../ui/shell/frame.py",
    "/_stcore/bidi-components/x/../../../ui/shell/frame.py",
    "//etc/passwd",
    "/app/static/",
    "/static/",
    "/media/",
    "/.streamlit/config.toml",
    "/.git/HEAD",
)


def fetch(url, **how):
    """Return status, headers and text of an answer, whatever it is."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, **how), timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode(errors="replace")


@pytest.mark.parametrize("path", PATHS)
def test_no_file_of_the_app_is_served(server, path):
    _, _, text = fetch(server.url + path)
    for secret in (SECRET, "[server]", "ref: refs/heads", "root:x:0", "Index of", "Traceback", str(ROOT)):
        assert secret not in text


@pytest.mark.parametrize("how", [{"method": "PUT"}, {"method": "POST"}, {"method": "DELETE"}])
def test_nobody_uploads_without_a_session_and_its_token(server, how):
    status, _, text = fetch(f"{server.url}/_stcore/upload_file/session/file", data=b"x" * 10, **how)
    assert status in (400, 401, 403, 404, 405)
    assert "Traceback" not in text


def forgeries():
    """Messages no browser sends: a page and a part that do not exist, ends of what was never begun, a shutdown."""
    rerun = ClientState(query_string="d=%00&" * 2000, page_script_hash="x" * 10_000, page_name="../" * 1000)
    rerun.fragment_id = "none"
    rerun.widget_states.widgets.add(id="$$ID-none", string_value="x" * 1_000_000)
    yield BackMsg(rerun_script=rerun)
    yield BackMsg(stop_script=True)
    yield BackMsg(debug_shutdown_runtime=True)
    yield BackMsg(debug_disconnect_websocket=True)
    yield BackMsg(file_urls_request={"request_id": "r", "file_names": ["../" * 1000], "session_id": "nobody's"})


def test_the_line_is_closed_to_other_sites_and_to_nonsense(server, page, open_page):
    url = server.url.replace("http", "ws") + "/_stcore/stream"
    with pytest.raises(InvalidStatus) as refused:
        connect(url, origin="http://example.org", subprotocols=["streamlit"])
    assert refused.value.response.status_code == 403
    for nonsense in (b"\xff" * 1000, b"", b"{}", json.dumps({"a": 1}).encode()):
        with connect(url, origin=server.url, subprotocols=["streamlit"], open_timeout=30) as line:
            line.send(nonsense)
    for forged in forgeries():
        with connect(url, origin=server.url, subprotocols=["streamlit"], max_size=None) as line:
            line.send(forged.SerializeToString())
            line.send(BackMsg(rerun_script=ClientState(query_string="guess=0&d=40")).SerializeToString())
            while ForwardMsg.FromString(line.recv(timeout=30)).WhichOneof("type") != "script_finished":
                pass
    # The server goes on for everybody else.
    open_page(page, address("overlap", d=40))
    check_drawn(page, Spec(d=40))
    assert str(ROOT) not in page.content()
