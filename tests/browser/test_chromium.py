"""The finder of Chromium takes what runs and nothing else."""

from pathlib import Path

import pytest

from tests.browser import chromium

UBUNTU_STUB = """#!/bin/sh
echo >&2 "Command '/usr/bin/chromium-browser' requires the chromium snap to be installed."
exit 1
"""
BROWSER = """#!/bin/sh
echo "Chromium 150.0.7871.100 built on Debian"
"""


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch, tmp_path):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.delenv("PLAYWRIGHT_BROWSERS_PATH", raising=False)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(chromium, "MAC_APPS", ())


def test_a_stub_that_asks_for_a_snap_is_passed_over(tmp_path):
    executable(tmp_path / "bin/chromium", UBUNTU_STUB)
    real = executable(tmp_path / "bin/google-chrome", BROWSER)
    assert chromium.find() == str(real)


def test_of_playwrights_downloads_the_newest_is_taken(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "cache"))
    executable(tmp_path / "cache/chromium-999/chrome-linux/chrome", BROWSER)
    newest = executable(tmp_path / "cache/chromium-1255/chrome-linux64/chrome", BROWSER)
    assert chromium.find() == str(newest)


def test_without_any_the_ways_out_are_named():
    with pytest.raises(chromium.NoChromiumError, match="apt-get install chromium"):
        chromium.find()


def test_a_chosen_one_that_does_not_run_is_an_error_though_another_would(tmp_path, monkeypatch):
    executable(tmp_path / "bin/chromium", BROWSER)
    monkeypatch.setenv("CHROMIUM", str(executable(tmp_path / "bin/mine", UBUNTU_STUB)))
    with pytest.raises(chromium.NoChromiumError, match="does not run"):
        chromium.find()
