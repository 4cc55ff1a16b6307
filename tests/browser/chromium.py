"""The Chromium the browser tests use: found on this machine, or installed.

`python tests/browser/chromium.py` prints the path of one that works, installing it first if it must.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "Chromium.app/Contents/MacOS/Chromium",
    "Google Chrome.app/Contents/MacOS/Google Chrome",
)
PLAYWRIGHT_BUILDS = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
    "chromium_headless_shell-*/*/headless_shell",
    "chromium_headless_shell-*/*/chrome-headless-shell",
)
WAYS_OUT = """\
The browser tests need Chromium, and none that works was found or could be installed. Any one of these will do:
  - Debian:          sudo apt-get install chromium
  - macOS:           brew install --cask chromium
  - elsewhere:       .venv/bin/python -m playwright install --with-deps chromium
  - one of your own: make test CHROMIUM=/path/to/chromium
"""


class NoChromiumError(Exception):
    """No Chromium that works; the message says what to do."""


def find() -> str:
    """Return the path of a Chromium that runs, and install nothing.

    CHROMIUM in the environment is final: if it does not run, that is an error and nothing else is tried.
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        path = shutil.which(chosen)
        if path is None or not runs(path):
            raise NoChromiumError(f"CHROMIUM={chosen} does not run: '{chosen} --version' should print a version.")
        return path
    for path in candidates():
        if runs(path):
            return path
    raise NoChromiumError(WAYS_OUT)


def candidates() -> Iterator[str]:
    """Yield the places a Chromium may be, the system's own first."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            yield path
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        yield from (str(folder / app) for app in MAC_APPS if (folder / app).exists())
    for pattern in PLAYWRIGHT_BUILDS:
        builds = sorted(playwright_cache().glob(pattern), key=build_number, reverse=True)
        yield from map(str, builds)


def playwright_cache() -> Path:
    """Return the folder `playwright install` downloads to."""
    chosen = os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
    if chosen and chosen != "0":
        return Path(chosen)
    return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "ms-playwright"


def build_number(path: Path) -> int:
    """Return the number in Playwright's folder name, for example 1234 in chromium-1234."""
    name = path.relative_to(playwright_cache()).parts[0]
    return int(re.sub(r"\D", "", name) or 0)


def runs(path: str) -> bool:
    """Tell a browser from Ubuntu's stub, a script that only asks to install a snap, and from one lacking libraries."""
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and re.search(r"\d+\.\d+\.\d+", answer.stdout) is not None


def install() -> None:
    """Try Playwright's download, which exists for most systems, then Debian's package."""
    playwright = [sys.executable, "-m", "playwright"]
    as_root = root_prefix()
    print("No Chromium found: trying Playwright's download (some minutes).", file=sys.stderr)
    # The download alone comes first: it fails in seconds where it is blocked, before any system library is installed.
    if attempt([*playwright, "install", "--no-shell", "chromium"], seconds=240):
        if found():
            return
        if as_root is not None:
            attempt([*as_root, *playwright, "install-deps", "chromium"], seconds=240)
            if found():
                return
    if shutil.which("apt-get") and as_root is not None:
        print("Trying the system's package (some minutes).", file=sys.stderr)
        apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
        attempt([*apt, "update", "-qq"], seconds=120)
        attempt([*apt, "install", "-y", "-qq", "chromium"], seconds=400)


def found() -> bool:
    """Tell whether some Chromium runs now."""
    return any(runs(path) for path in candidates())


def root_prefix() -> list[str] | None:
    """Return what to put before a command to run it as root, unasked; None where that cannot be."""
    if os.geteuid() == 0:
        return []
    unasked = shutil.which("sudo") and attempt(["sudo", "-n", "true"], seconds=10)
    return ["sudo", "-n"] if unasked else None


def attempt(command: list[str], seconds: float) -> bool:
    """Run a command that may not ask anything nor take longer than it is given; say how it ended if it failed."""
    # A short wait for the first byte: where downloads are blocked, the default of 30 s a try is minutes in all.
    environment = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "5000", **os.environ}
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,  # no terminal to ask a password on, and one group to end
        )
        try:
            if process.wait(timeout=seconds) == 0:
                return True
            how = f"ended with code {process.returncode}"
        except subprocess.TimeoutExpired:
            how = f"was given up after {seconds:.0f} s"
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        output.seek(0)
        print(f"  {' '.join(command)} {how}", *output.read().splitlines()[:4], sep="\n    ", file=sys.stderr)
    return False


def main() -> None:
    """Print the path of a Chromium that works."""
    try:
        if not os.environ.get("CHROMIUM") and not found():
            install()
        print(find())
    except NoChromiumError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
