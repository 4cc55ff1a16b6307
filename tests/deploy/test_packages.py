"""The packages: the lock is complete and keeps to the bounds, and every licence is on its page."""

import re
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.audit import Answer, verdict
from deploy.licences import licence, pins

ROOT = Path(__file__).parents[2]


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def needs(name):
    return [Requirement(line) for line in text(name).splitlines() if line and not line.startswith("#")]


# What a package may be left out for: there is no uvloop for Windows.
NOT_WINDOWS = 'sys_platform != "win32"'
NEEDS, REDIS = needs("requirements.txt"), needs("requirements-redis.txt")
LOCK, REDIS_LOCK = text("requirements.lock"), text("requirements-redis.lock")
PINS, REDIS_PINS = pins(LOCK), pins(REDIS_LOCK)
PYTHONS = [c.rpartition(" ")[2] for c in tomllib.loads(text("pyproject.toml"))["project"]["classifiers"] if "3." in c]


def locked(python, pinned=PINS):
    """Version by name of what a lock installs on a Python under Linux."""
    here = {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": "linux"}
    found = [(pin.name, pin.version) for pin in pinned if not pin.marker or Marker(pin.marker).evaluate(here)]
    assert len(dict(found)) == len(found), "a package is locked twice"
    return dict(found)


def closure(name, extras=frozenset()):
    """Everything an installed package needs on this machine, and what that needs in turn."""
    found, todo = {}, [(name, extras)]
    while todo:
        package, wanted = todo.pop()
        for line in requires(package) or ():
            need = Requirement(line)
            if need.marker and not any(need.marker.evaluate({"extra": extra}) for extra in {"", *wanted}):
                continue
            key = canonicalize_name(need.name)
            if key not in found or need.extras - found[key]:
                found[key] = need.extras | found.get(key, set())
                todo.append((key, found[key]))
    return set(found)


def test_every_package_has_a_lowest_and_a_first_refused_version():
    for need in (*NEEDS, *REDIS):
        assert sorted(s.operator for s in need.specifier) == ["<", ">="], need
        assert str(need.marker or "") in {"", NOT_WINDOWS}
        assert not need.extras
        assert need.specifier.contains(version(need.name))


def test_the_lock_keeps_to_the_bounds_on_every_python():
    assert len(PYTHONS) >= 2
    for python in PYTHONS:
        for needed, pinned in ((NEEDS, PINS), (REDIS, REDIS_PINS)):
            found = locked(python, pinned)
            assert all(need.specifier.contains(found[need.name]) for need in needed), python


def test_what_a_server_for_the_guesses_takes_is_in_the_locks_and_nothing_else():
    needed = {need.name for need in REDIS}.union(*(closure(need.name) for need in REDIS))
    assert needed <= {pin.name for pin in (*PINS, *REDIS_PINS)}
    # What is for another Python is not known here.
    assert {pin.name for pin in REDIS_PINS if not pin.marker} <= needed


def test_the_lock_holds_everything_that_is_needed():
    needed = {need.name for need in NEEDS}.union(*(closure(need.name) for need in NEEDS))
    assert len(needed) > 20
    assert needed <= {pin.name for pin in PINS}


def test_the_lock_holds_nothing_else():
    def known(name):
        try:
            version(name)
        except PackageNotFoundError:
            return False  # for another Python or system
        return True

    needed = {need.name for need in NEEDS}.union(*(closure(need.name) for need in NEEDS))
    assert {pin.name for pin in PINS if known(pin.name)} <= needed


@pytest.mark.parametrize(("lock", "pinned"), [(LOCK, PINS), (REDIS_LOCK, REDIS_PINS)], ids=["all", "redis"])
def test_every_locked_file_has_a_hash_and_no_address(lock, pinned):
    blocks = re.split(r"^(?=[a-z0-9])", re.sub(r"^#.*\n", "", lock, flags=re.MULTILINE), flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pinned)
    assert all(re.match(r".+ \\\n(    --hash=sha256:[0-9a-f]{64}( \\)?\n)+", block) for block in blocks)
    assert "://" not in lock
    assert "--index" not in lock


@pytest.mark.parametrize("name", ["requirements-dev.txt", "requirements-cluster.txt", "requirements-tools.txt"])
def test_what_is_not_shipped_is_not_locked_and_is_bounded_too(name):
    lines = [line.split("#")[0].strip() for line in text(name).splitlines()]
    found = [Requirement(line) for line in lines if line and not line.startswith("-r")]
    assert found
    assert all({"<", ">="} <= {s.operator for s in need.specifier} for need in found)


def test_make_bounds_reads_the_lowest_versions_where_they_stand():
    recipe = subprocess.run(
        ["make", "--dry-run", "bounds"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    (command,) = (line for line in recipe.splitlines() if line.startswith("sed "))
    command = command.rpartition(" > ")[0]  # shown here, not written to the environment that is not there
    oldest = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    lowest = {need.name: next(s.version for s in need.specifier if s.operator == ">=") for need in NEEDS}
    assert dict(line.split("==") for line in oldest.split()) == lowest


def test_the_tested_pythons_are_named_alike_everywhere():
    about = tomllib.loads(text("pyproject.toml"))
    assert about["project"]["requires-python"] == f">={PYTHONS[0]}"
    assert about["tool"]["ruff"]["target-version"] == f"py{PYTHONS[0].replace('.', '')}"
    assert f"python3 ({', '.join(PYTHONS[:-1])} and {PYTHONS[-1]} are tested)" in text("README.md")
    assert f"sys.version_info < ({PYTHONS[0].replace('.', ', ')})" in text("Makefile")
    assert f"--python-version {PYTHONS[0]} " in text("Makefile")


def test_every_locked_package_is_on_the_page_of_licences():
    rows = re.findall(r"^\| ([a-z0-9.-]+) \| ([^|]+) \| ([^|]+) \|$", text("docs/licences.md"), flags=re.MULTILINE)
    versions = {}
    for pin in (*PINS, *REDIS_PINS):
        versions.setdefault(pin.name, []).append(pin.version)
    assert {name: listed.split(", ") for name, listed, _ in rows if name != "package"} == versions
    assert not [row for row in rows if "unknown" in row[2].lower()]


def test_a_lock_is_read_line_by_line():
    lock = (
        "# about\na-b==1.0 \\\n    --hash=sha256:00\n    # via c\n"
        "d==2 ; python_full_version < '3.12' \\\n    --hash=sha256:11\ne==3\n"
    )
    assert [(p.name, p.version, p.marker) for p in pins(lock)] == [
        ("a-b", "1.0", ""),
        ("d", "2", "python_full_version < '3.12'"),
        ("e", "3", ""),
    ]


@pytest.mark.parametrize(
    ("fields", "classifiers", "name"),
    [
        ({"License-Expression": "MIT", "License": "Other"}, ["License :: OSI Approved :: BSD License"], "MIT"),
        ({"License": "Apache 2.0"}, [], "Apache 2.0"),
        ({"License": "Copyright\n\nPermission is granted"}, ["License :: OSI Approved :: BSD License"], "BSD License"),
        ({"License": "x" * 500}, ["License :: OSI Approved", "License :: OSI Approved :: MIT License"], "MIT License"),
        ({}, ["License :: OSI Approved :: A", "Topic :: B :: C", "License :: OSI Approved :: D"], "A, D"),
    ],
)
def test_a_licence_is_what_the_package_says(fields, classifiers, name):
    assert licence(fields, classifiers) == name


def test_a_package_that_names_no_licence_is_not_passed_over():
    with pytest.raises(ValueError, match="thing names no licence"):
        licence({"Name": "thing", "License": ""}, ["License :: OSI Approved"])


CLEAN = Answer(0, "", "No known vulnerabilities found")
FOUND = Answer(1, "jinja2 2.10 CVE-2019-10906", "Found 6 known vulnerabilities in 1 package")
UNREACHED = Answer(1, "", "Traceback\nConnectionError: no route")


@pytest.mark.parametrize(
    ("control", "ours", "code", "word"),
    [
        (FOUND, CLEAN, 0, "No known"),
        (FOUND, FOUND, 1, "CVE-2019-10906"),
        (CLEAN, CLEAN, 2, "does not even know"),
        (UNREACHED, UNREACHED, 2, "no route"),
        (FOUND, UNREACHED, 2, "no route"),
        (Answer(2, "", ""), CLEAN, 2, "no reason given"),
    ],
)
def test_an_audit_that_could_not_look_does_not_pass_for_a_clean_one(control, ours, code, word):
    found, words = verdict(control, ours)
    assert found == code
    assert word in words
