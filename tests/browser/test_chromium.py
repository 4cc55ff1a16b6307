"""The finder of Chromium takes what runs and nothing else; what the driver lacks is installed, or named."""

import shutil
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
# A node that starts once the package of its library is there; an apt-get that knows this package alone.
NODE = """#!/bin/sh
[ -e "$HOME/libatomic1" ] && exit 0
echo >&2 "$0: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file"
exit 127
"""
APT = """#!/bin/sh
case "$*" in *install*libatomic1) : > "$HOME/libatomic1" ;; esac
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


@pytest.fixture
def node(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(executable(tmp_path / "node", NODE)))
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/env").symlink_to(shutil.which("env", path="/usr/bin:/bin"))
    monkeypatch.setattr(chromium, "root_prefix", lambda: [])


@pytest.mark.usefixtures("node")
def test_a_library_the_driver_lacks_is_installed(tmp_path):
    executable(tmp_path / "bin/apt-get", APT)
    chromium.ready_driver()
    assert (tmp_path / "libatomic1").exists()


@pytest.mark.usefixtures("node")
@pytest.mark.parametrize("apt", ["", "#!/bin/sh\nexit 100\n", "#!/bin/sh\nexit 0\n"], ids=["none", "fails", "in vain"])
def test_a_library_that_cannot_be_installed_is_named_with_its_package(apt, tmp_path):
    if apt:
        executable(tmp_path / "bin/apt-get", apt)
    with pytest.raises(chromium.NoDriverError, match=r"libatomic\.so\.1.* apt-get install libatomic1\)"):
        chromium.ready_driver()


@pytest.mark.usefixtures("node")
def test_only_root_installs(monkeypatch, tmp_path):
    executable(tmp_path / "bin/apt-get", APT)
    monkeypatch.setattr(chromium, "root_prefix", lambda: None)
    with pytest.raises(chromium.NoDriverError, match="sudo apt-get install libatomic1"):
        chromium.ready_driver()


def test_another_fault_of_the_driver_is_said_in_its_own_words(monkeypatch, tmp_path):
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(tmp_path / "no-node"))
    with pytest.raises(chromium.NoDriverError, match="no-node"):
        chromium.ready_driver()


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libatomic.so.1", "libatomic1"),
        ("libgcc_s.so.1", "libgcc-s1"),
        ("libstdc++.so.6", "libstdc++6"),
        ("libX11.so.6", "libx11-6"),
    ],
)
def test_a_package_is_named_by_debians_rule(library, package):
    assert chromium.debian_package(library) == package
