"""A server as its visitors find it: started a while ago, and at rest."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.browser.conftest import Server, running_server
from ui.lessons.network import prepared

# A server is at rest when it takes less than this share of a core for a second; how long that is waited for.
IDLE, PATIENCE = 0.05, 120.0


def family(pid: int) -> list[psutil.Process]:
    """Return the server and what it has started."""
    server = psutil.Process(pid)
    return [server, *server.children(recursive=True)]


def usage(servers: Sequence[Server]) -> tuple[float, float]:
    """Return the processor seconds that servers and what they have started have used, and their memory in megabytes."""
    seconds = memory = 0.0
    for process in (process for server in servers for process in family(server.pid)):
        try:
            times = process.cpu_times()
            seconds += times.user + times.system
            memory += process.memory_info().rss / 2**20
        except psutil.NoSuchProcess:
            continue
    return seconds, memory


@contextmanager
def rested_server(stems: Sequence[str], log_file: Path, *how: object) -> Iterator[Server]:
    """Start a server for visitors of these pages and wait until it rests.

    Some seconds after its start a server trains the first networks of the page network, which takes a core for half a
    minute, once in its life: that is over when visitors come where these pages show networks, else it never begins.
    """
    prepares = "network" in stems
    os.environ[prepared.VARIABLE] = "1" if prepares else "0"
    with running_server(log_file, *how) as server:  # type: ignore[arg-type]
        time.sleep(prepared.LATER + 1 if prepares else 0)
        end = time.monotonic() + PATIENCE
        used = usage([server])[0]
        while time.monotonic() < end:
            time.sleep(1)
            before, used = used, usage([server])[0]
            if used - before < IDLE:
                break
        yield server
