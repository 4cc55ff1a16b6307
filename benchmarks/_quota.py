"""A slow machine: a server that has a share of one core and no more, with what it starts.

Where the kernel's groups of processes may be written (root), its own quota does it; elsewhere the server is stopped and
goes on again, twenty times a second.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Seconds of one turn, and where the kernel's groups are.
PERIOD = 0.05
GROUPS = Path("/sys/fs/cgroup")


def _group(pid: int, share: float) -> Path | None:
    """Put a process into a group with a quota, of the newer kind or the older; None where that is not allowed."""
    micro = 100_000
    for parent, name, quota in (
        (GROUPS, "cpu.max", f"{share * micro:.0f} {micro}"),
        (GROUPS / "cpu", "cpu.cfs_quota_us", f"{share * micro:.0f}"),
    ):
        group = parent / f"unlearning-{pid}"
        try:
            group.mkdir()
        except OSError:
            continue
        try:
            if not (group / name).exists():  # the kernel makes it, where this is one of its folders
                raise FileNotFoundError(name)
            (group / name).write_text(quota)
            (group / "cgroup.procs").write_text(str(pid))
            return group
        except OSError:
            group.rmdir()
    return None


@contextmanager
def slowed(pid: int, share: float) -> Iterator[str]:
    """Give a server that leads its group of processes such a share of one core; 0 is all there is. Yield how."""
    if not share:
        yield "as it is"
        return
    group = _group(pid, share)
    if group is not None:
        try:
            yield f"{share:g} of a core, the kernel's quota"
        finally:
            for left in (group / "cgroup.procs").read_text().split():
                (group.parent / "cgroup.procs").write_text(left)
            group.rmdir()
        return
    ended = threading.Event()

    def turns() -> None:
        while not ended.is_set():
            for how, part in ((signal.SIGCONT, share), (signal.SIGSTOP, 1 - share)):
                try:
                    os.killpg(pid, how)
                except ProcessLookupError:
                    return
                ended.wait(PERIOD * part)

    thread = threading.Thread(target=turns, daemon=True)
    thread.start()
    try:
        yield f"{share:g} of the time, stopped in between"
    finally:
        ended.set()
        thread.join()
        try:
            os.killpg(pid, signal.SIGCONT)
        except ProcessLookupError:
            pass
