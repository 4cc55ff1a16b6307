"""The Redis or Valkey server that tests start: found on this machine, or installed.

`python -m tests.redis_server` says where it is, installing it first where that can be done unasked.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.browser.chromium import apt_install

NAMES = ("valkey-server", "redis-server")
MISSING = (
    "No Redis or Valkey server is installed (Debian, Ubuntu: sudo apt-get install redis-server): "
    "what is kept on one is not tested here."
)
START_SECONDS = 30


def find() -> str | None:
    """Return where a server is; None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def needed() -> str:
    """Return where a server is; without one the test is skipped, and says why."""
    path = find()
    if path is None:
        pytest.skip(MISSING)
    return path


@contextmanager
def running(port: int = 0) -> Iterator[str]:
    """Start a server of the tests' own on a loopback port, a free one for 0, that writes no file; yield its address."""
    path = needed()
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    process = subprocess.Popen(
        [path, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"{path} does not start on port {port}", pytrace=False)
                time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def main() -> None:
    """Say where a server is; one that nobody has to be asked for is installed by root alone, for it is a service."""
    if find() is None and os.geteuid() == 0:
        apt_install("redis-server", seconds=200)
    print(find() or MISSING)


if __name__ == "__main__":
    main()
