"""The licences of the packages a server installs: `python -m deploy.licences` prints them as a page."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK, REDIS_LOCK = ROOT / "requirements.lock", ROOT / "requirements-redis.lock"
# A pinned line: name==version, with a condition where only some Pythons or systems get it.
_PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^ ;\\]+)(?: *; *(?P<marker>[^\\]+?))? *\\?$")
# What stands on the list for an older Python than the one that writes the page, read from its files.
_ELSEWHERE = {"async-timeout": "Apache-2.0"}
# A field longer than this is the licence itself, not its name.
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Pin:
    """One line of the lock: a package, its version, and the condition under which it is installed ("" is always)."""

    name: str
    version: str
    marker: str


def pins(lock: str) -> tuple[Pin, ...]:
    """Return the packages a lock names, in its order; one that differs between Pythons is there once for each."""
    found = (_PIN.match(line) for line in lock.splitlines())
    return tuple(Pin(m["name"], m["version"], m["marker"] or "") for m in found if m)


def licence(fields: Mapping[str, str], classifiers: Iterable[str]) -> str:
    """Return the name of a package's licence: what it states as an expression, as a name, or by its classifiers.

    Errors: ValueError where it states none of them.
    """
    if expression := fields.get("License-Expression"):
        return expression
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License :: ") and c.count(" :: ") > 1]
    if (name := fields.get("License", "").strip()) and len(name) <= _LONGEST_NAME and "\n" not in name:
        return name
    if named:
        return ", ".join(named)
    raise ValueError(f"{fields.get('Name')} names no licence: look at its files and say here what it is")


def table(lock: str) -> list[str]:
    """Return the packages of a lock as the lines of a table in Markdown.

    Errors: ModuleNotFoundError where a package of the lock is not installed here and its licence cannot be read.
    """
    rows: dict[str, list[Pin]] = {}
    for pin in pins(lock):
        rows.setdefault(pin.name, []).append(pin)
    lines = ["| package | version | licence |", "|---|---|---|"]
    for name, same in rows.items():
        versions = ", ".join(pin.version for pin in same)
        lines.append(f"| {name} | {versions} | {_ELSEWHERE.get(name) or _installed(name)} |")
    return lines


def _installed(name: str) -> str:
    try:
        about = metadata(name)
    except PackageNotFoundError:
        raise ModuleNotFoundError(f"{name} is not installed here: run `make licences`", name=name) from None
    fields = {key: about[key] for key in ("Name", "License-Expression", "License") if key in about}
    return licence(fields, about.get_all("Classifier") or ())


def page(lock: str, redis_lock: str) -> str:
    """Return the page as Markdown: what every server has, and what it has beside it where `CLASS_STORE` is a server.

    Errors: ModuleNotFoundError (`table`).
    """
    return "\n".join([*_HEAD, *table(lock), *_REDIS, *table(redis_lock), ""])


_HEAD = (
    "# Licences of what is shipped",
    "",
    "The project itself is under the [MIT licence](../LICENSE). A server also installs the packages below, exactly",
    "these versions (`requirements.lock`; two where an older Python gets an older one). `make licences` writes this",
    "page from what the packages say of themselves. Their wheels carry the full texts, and the notices of the",
    "libraries inside them: OpenBLAS and the Fortran runtime in numpy and scipy, plotly.js in plotly, the browser's",
    "part in streamlit.",
    "",
    "The container image adds Python (PSF-2.0) on Debian (each package's licence is in `/usr/share/doc`); the proxy in",
    "`compose.yaml` is Caddy (Apache-2.0).",
    "",
    "Saved pictures carry letters of Source Sans 3 (OFL-1.1): `ui/plot/picture-font.txt` says how, with the licence.",
    "",
)
_REDIS = (
    "",
    "Only where the guesses of a class are counted on a Redis or Valkey server (`requirements-redis.lock`); the server",
    "is not part of this project:",
    "",
)

if __name__ == "__main__":
    sys.stdout.write(page(LOCK.read_text(encoding="utf-8"), REDIS_LOCK.read_text(encoding="utf-8")))
