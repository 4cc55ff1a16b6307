"""A slow machine: the server has a share of a core, whichever way it is given, and is as it was at the end."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import psutil
import pytest

from benchmarks import _quota
from benchmarks._places import STEMS, data_of, sliders
from benchmarks._quota import slowed
from ui.lessons import BY_STEM
from ui.plot.controls import refusal
from ui.plot.view import controls_of


def seen(found: Callable[[], bool]) -> bool:
    """Whether something is seen at last."""
    end = time.monotonic() + 60
    while not found():
        if time.monotonic() > end:
            return False
    return True


@pytest.mark.parametrize("groups", [True, False], ids=["the kernel's quota, where it may be set", "stopped"])
def test_a_server_that_is_slowed_still_works_and_goes_on_freely(
    groups: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not groups:
        monkeypatch.setattr(_quota, "GROUPS", tmp_path / "none")
    busy = "import itertools\nfor n in itertools.count():\n    print(n, flush=True)"
    server = subprocess.Popen([sys.executable, "-c", busy], stdout=subprocess.PIPE, start_new_session=True)
    process, group = psutil.Process(server.pid), Path(f"/proc/{server.pid}/cgroup")
    assert server.stdout
    try:
        with slowed(server.pid, 0.2) as how:
            assert how.startswith("0.2 of")
            if "stopped" in how:
                assert seen(lambda: process.status() == psutil.STATUS_STOPPED)
            else:
                assert f"unlearning-{server.pid}" in group.read_text()
            assert groups or "stopped" in how
            assert server.stdout.readline()
        assert process.status() != psutil.STATUS_STOPPED
        assert not group.exists() or "unlearning" not in group.read_text()
        assert server.stdout.readline()
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait()
        server.stdout.close()


def test_no_quota_leaves_it_alone() -> None:
    with slowed(0, 0) as how:
        assert how == "as it is"


@pytest.mark.parametrize("stem", STEMS)
def test_visitors_have_data_of_their_own_that_the_page_takes(stem: str) -> None:
    controls = {control.key: control for control in controls_of(BY_STEM[stem])}
    drawn = {data_of(stem, number) for number in range(40)}
    assert len(drawn) > 8
    for key, text in (pair for address in drawn for pair in parse_qsl(address)):
        assert refusal(controls[key], [text]) is None
    assert set(sliders(stem)) <= set(controls)
