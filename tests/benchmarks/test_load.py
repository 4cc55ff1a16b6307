import asyncio
import importlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from benchmarks._door import caddy
from benchmarks._places import sliders as sliders_of
from benchmarks._session import Session
from benchmarks.load import Gathering, Level, Plan, main, visitor
from ui.lessons import BY_STEM

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=180, check=False
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_benchmark_says_how_it_is_used(
    script: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [script, "--help"])
    with pytest.raises(SystemExit) as ended:
        importlib.import_module(f"benchmarks.{script}").main()
    assert ended.value.code == 0
    assert "--json" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", ["--pages=nowhere", "--sessions=0", "--sessions=many", "-T0"])
def test_a_request_that_cannot_be_is_refused_before_anything_starts(
    arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["load", arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


def test_visitors_move_their_sliders_on_the_app_while_one_client_floods_it_and_on_the_bare_page(tmp_path: Path) -> None:
    results = tmp_path / "load.json"
    how = "--pages posterior --sessions 2 --moves 5 -T 0.5 --flood 2000"
    answer = run("benchmarks.load", *how.split(), "--json", str(results))
    assert answer.returncode == 0, answer.stderr
    assert "'429'" in answer.stderr
    found = json.loads(results.read_text())
    assert found["machine"]["cores"]
    sliders = {}
    for name, (level,) in found["levels"].items():
        assert level["errors"] == []
        assert len(level["openings"]) == 2
        assert len(level["answers"]) == 10
        assert level["bytes"] > 0
        sliders[name] = level["slider"]
    own = next(c.label for c in BY_STEM["posterior"].controls if c.key == sliders_of("posterior")[0])
    assert sliders == {
        "posterior": own,
        "posterior, another server flooded": own,
        "posterior, flooded": own,
        "bare, this project's configuration": "Share",
        "bare, Streamlit's own configuration": "Share",
    }


@pytest.mark.skipif(caddy() is None, reason="Caddy is not installed")
def test_visitors_come_through_the_door_before_two_copies(tmp_path: Path) -> None:
    results = tmp_path / "load.json"
    how = "--pages start --sessions 4 --moves 1 -T 0.5 --copies 2 --door --no-bare"
    answer = run("benchmarks.load", *how.split(), "--json", str(results))
    assert answer.returncode == 0, answer.stderr
    ((level,),) = json.loads(results.read_text())["levels"].values()
    assert level["errors"] == []
    assert len(level["answers"]) == 4


def test_a_door_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("benchmarks.load.caddy", lambda: None)
    monkeypatch.setattr(sys, "argv", ["load", "--door"])
    with pytest.raises(SystemExit):
        main()
    assert "apt-get install caddy" in capsys.readouterr().err


class Guest:
    """A visitor whose page is open at once, or never."""

    bytes, seen, random = 0, (), random.Random(1)

    def __init__(self, told: list[str], comes: bool = True) -> None:
        self.told, self.comes, self.slider = told, comes, SimpleNamespace(label="Overlap")

    async def __aenter__(self) -> "Guest":
        return self

    async def __aexit__(self, *_: object) -> None:
        """Leave."""

    async def open(self, slider: str | None) -> float:
        if not self.comes:
            raise ConnectionError("nobody answers")
        self.told.append("opened")
        return 0.5

    async def move(self) -> float:
        self.told.append("moved")
        return 0.1


def test_nobody_moves_before_everybody_has_opened_the_page_or_never_will() -> None:
    told: list[str] = []
    level, plan = Level(3), Plan(0.001, 2, None)

    async def come() -> None:
        everybody, start = Gathering(3), time.perf_counter()
        guests = [(Guest(told), 0.0), (Guest(told, comes=False), 0.01), (Guest(told), 0.05)]
        await asyncio.gather(
            *(visitor(cast(Session, guest), plan, start + after, level, everybody) for guest, after in guests)
        )

    asyncio.run(come())
    assert told == ["opened", "opened", *["moved"] * 4]
    assert level.errors == ["ConnectionError: nobody answers"]
    assert level.opened() == 500


def test_a_bar_asks_for_speed_beside_the_bare_page_no_error_and_no_missed_tick() -> None:
    bare = Level(60, answers=[0.02] * 20)
    fast, slow = [0.09] * 95 + [9.0] * 5, [0.09] * 94 + [0.11] * 6
    assert Level(60, answers=fast).within(bare)
    assert Level(60, answers=fast, pictures=fast).within(bare)
    assert not Level(60, answers=slow).within(bare)
    assert not Level(60, answers=fast, pictures=slow).within(bare)
    assert not Level(60, answers=fast, missed=1).within(bare)
    assert not Level(60, answers=fast, errors=["no"]).within(bare)
    assert not Level(60).within(bare)
    assert Level(60, answers=fast).within(None) is None
