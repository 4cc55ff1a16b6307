"""A flood: one client that asks for so many pictures a second, on a few connections, and waits for no answer.

    python -m benchmarks._flood http://127.0.0.1:8501 --rate 2000

It runs until it is ended, and then prints as JSON what it sent and what it was answered. A third of what it asks for is
new, a third the same each time, a third nonsense. What a connection has no room for is not sent, and counted as held:
the server keeps the flood waiting.
"""

import argparse
import asyncio
import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

# Bytes that a connection may have unsent, and seconds between two looks at the clock.
ROOM, STEP = 20_000, 0.01
ANSWER = b"HTTP/1.1 "


class Connection(asyncio.Protocol):
    """One connection of the flood: it writes, and counts the answers."""

    def __init__(self, answers: Counter[str]) -> None:
        self.answers, self.transport, self.rest = answers, asyncio.Transport(), b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        if isinstance(transport, asyncio.Transport):
            self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Count the answers that begin in what has come; a beginning may come in two parts."""
        *_, last = parts = (self.rest + data).split(ANSWER)
        for part in parts[1:]:
            if len(part) >= 3:
                self.answers[part[:3].decode("latin-1")] += 1
        self.rest = ANSWER + last if len(parts) > 1 and len(last) < 3 else last[-len(ANSWER) + 1 :]

    def connection_lost(self, _: Exception | None) -> None:
        """Note it; the flood goes on with another."""
        self.answers["connections lost"] += 1


def asked(number: int, forged: bool, host: str) -> bytes:
    """Return one request: something new, the same as ever, or nonsense; forged ones come from a new window each."""
    address = (
        f"/figures/overlap/curve?seed={number % 1000}&n_retain={1 + number // 1000 % 500}",
        "/figures/start/button",
        f"/figures/overlap/curve?d=many{number}",
    )[number % 3]
    window = f"X-Window: {number}\r\n" if forged else ""
    return f"GET {address} HTTP/1.1\r\nHost: {host}\r\n{window}\r\n".encode()


async def flood(server: str, rate: float, connections: int, forged: bool) -> dict[str, object]:
    """Ask until the process is told to end; return what was sent, what was held, and the answers by status."""
    where = urlsplit(server)
    host, port = where.hostname or "127.0.0.1", where.port or 80
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for how in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(how, ended.set)
    answers: Counter[str] = Counter()

    async def connect() -> Connection:
        _, made = await loop.create_connection(lambda: Connection(answers), host, port)
        return made

    open_ones = [await connect() for _ in range(connections)]
    begin, number, held = time.perf_counter(), 0, 0
    while not ended.is_set():
        await asyncio.sleep(STEP)
        due = int(rate * (time.perf_counter() - begin))
        while number < due:
            place = number % connections
            if open_ones[place].transport.is_closing():
                open_ones[place] = await connect()
            if open_ones[place].transport.get_write_buffer_size() < ROOM:
                open_ones[place].transport.write(asked(number, forged, where.netloc))
            else:
                held += 1
            number += 1
    seconds = time.perf_counter() - begin
    return {"seconds": seconds, "due": number, "held": held, "answers": dict(answers)}


@contextmanager
def flooded(server: str, rate: float, forged: bool) -> Iterator[dict[str, Any]]:
    """Flood a server from a process of its own meanwhile; what came of it stands in what is yielded at the end."""
    found: dict[str, Any] = {}
    if not rate:
        yield found
        return
    command = [sys.executable, "-m", "benchmarks._flood", server, f"--rate={rate}", *(["--forged"] if forged else [])]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield found
    finally:
        process.send_signal(signal.SIGTERM)
        found.update(json.loads(process.communicate(timeout=60)[0] or "{}"))


def main() -> None:
    """Flood, and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server", help="http://host:port")
    parser.add_argument("--rate", type=float, default=2000, help="requests a second (default %(default)s)")
    parser.add_argument("--connections", type=int, default=64, help="of the client (default %(default)s)")
    parser.add_argument("--forged", action="store_true", help="name a new window with every request")
    options = parser.parse_args()
    print(json.dumps(asyncio.run(flood(options.server, options.rate, options.connections, options.forged))))


if __name__ == "__main__":
    main()
