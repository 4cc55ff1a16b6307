"""The Chromium the browser tests use, and what its driver lacks: found on this machine, or installed.

`python -m tests.browser.chromium` prints the path of one that works, installing it first if it must.
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
# What the loader of glibc, or of musl, says of a program that it cannot start.
LACKS_LIBRARY = re.compile(r"(?:error while loading shared libraries|Error loading shared library):? (\S+): ")
WAYS_OUT = """\
The browser tests need Chromium, and none that works was found or could be installed. Any one of these will do:
  - Debian:          sudo apt-get install chromium
  - macOS:           brew install --cask chromium
  - elsewhere:       .venv/bin/python -m playwright install --with-deps chromium
  - one of your own: make test CHROMIUM=/path/to/chromium
"""


class NoChromiumError(Exception):
    """No Chromium that works; the message says what to do."""


class NoDriverError(Exception):
    """Playwright's driver does not start; the message says what to do."""


def ready_driver() -> None:
    """Start Playwright's driver; install the libraries that it lacks, which the system names one at a time."""
    tried = None
    while True:
        answer = subprocess.run([sys.executable, "-m", "playwright", "--version"], capture_output=True, text=True)
        if answer.returncode == 0:
            return
        lacks = LACKS_LIBRARY.search(answer.stderr)
        if lacks is None:
            raise NoDriverError(f"Playwright does not start: {answer.stderr.strip()}")
        library = lacks[1]
        package = debian_package(library)
        if library == tried or not apt_install(package, seconds=120):
            raise NoDriverError(
                f"Playwright needs the library {library}, which this system lacks: "
                f"install the package that holds it (Debian, Ubuntu: sudo apt-get install {package})."
            )
        tried = library


def debian_package(library: str) -> str:
    """Return the package that holds a library by the rule of Debian's policy (8.1), for example libatomic1.

    The rule is name and version, with a hyphen after a digit: libatomic.so.1 is in libatomic1, libX11.so.6 in libx11-6.
    """
    name, _, version = library.lower().replace("_", "-").partition(".so.")
    return f"{name}-{version}" if name[-1:].isdigit() else f"{name}{version}"


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
    apt_install("chromium", seconds=400)


def apt_install(package: str, seconds: float) -> bool:
    """Install a package of Debian's if that can be done unasked; tell whether it was."""
    as_root = root_prefix()
    if not shutil.which("apt-get") or as_root is None:
        return False
    print(f"Installing the system's package {package}.", file=sys.stderr)
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    attempt([*apt, "update", "-qq"], seconds=120)
    return attempt([*apt, "install", "-y", "-qq", package], seconds)


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
    """Print the path of a Chromium that works, its driver ready."""
    try:
        ready_driver()
        if not os.environ.get("CHROMIUM") and not found():
            install()
        print(find())
    except (NoChromiumError, NoDriverError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
