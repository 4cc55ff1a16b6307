"""The door of deploy/: Caddy before several copies of the app, one address that keeps every visitor with one copy."""

import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.browser.conftest import Server

CADDYFILE = Path(__file__).parents[1] / "deploy/Caddyfile"
PATIENCE = 30


def caddy() -> str | None:
    """Return where Caddy is; None where it is not installed."""
    return shutil.which("caddy")


@contextmanager
def running_door(folder: Path, copies: Sequence[str]) -> Iterator[Server]:
    """Start Caddy on a free port before copies, each as host:port, and end it; its files are kept in `folder`."""
    command = caddy()
    if command is None:
        raise FileNotFoundError("Caddy is not installed: apt-get install caddy")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {"SITE_ADDRESS": f":{port}", "UPSTREAMS": " ".join(copies)}
    home = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(folder))
    door_log = folder / "door.txt"
    with door_log.open("wb") as log:
        process = subprocess.Popen(
            [command, "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"],
            env={**os.environ, **home, **settings},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    door = Server(f"http://127.0.0.1:{port}", door_log, process.pid)
    try:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                urllib.request.urlopen(f"{door.url}/", timeout=5).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError(f"The door does not open:\n{door.log()}") from None
                time.sleep(0.05)
        yield door
    finally:
        process.terminate()
        process.wait(PATIENCE)
