"""The container, without building it: its files are all the app needs, its command runs, its health is asked."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PATIENCE = 60
# A page a visitor can open, run by the app in a process of its own, in the folder it is started in.
OPEN = """
import sys
from streamlit.testing.v1 import AppTest
for page in sys.argv[1:]:
    app = AppTest.from_file("app.py", default_timeout=60)
    app.query_params["d"] = "10"  # files are looked for, not numbers
    app = app.switch_page(page).run()
    assert not app.exception, (page, app.exception)
    assert app.title, page
"""


def instructions():
    """(instruction, arguments) of the Dockerfile, continued lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line.split(None, 1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest.strip()) for name, rest in lines]


def arguments(name):
    return [rest for instruction, rest in instructions() if instruction == name]


def command(text):
    """The words of an instruction in the exec form, the container's Python replaced by this one."""
    words = json.loads(text[text.index("[") :])
    assert words[0] == "/opt/venv/bin/python"
    return [sys.executable, *words[1:]]


def copied():
    return [rest.split() for rest in arguments("COPY") if not rest.startswith("--from")]


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    """The folder the app finds itself in."""
    folder = tmp_path_factory.mktemp("image")
    for *sources, _ in copied():
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, folder / source)
    return folder


@pytest.fixture
def alone():
    """An environment in which nothing of the checkout can be imported by accident."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {"OPENBLAS_NUM_THREADS": "1"}


def test_pages_run_from_the_copied_files_alone(image, alone):
    # The licence is read, workers are started, everything there is to say is imported.
    pages = ["pages/about.py", "pages/boundary.py", "pages/teach.py"]
    done = subprocess.run([sys.executable, "-c", OPEN, *pages], cwd=image, env=alone, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_command_serves_and_the_health_check_tells(image, alone):
    health = command(arguments("HEALTHCHECK")[0].partition("CMD")[2])
    (serve,) = arguments("CMD")
    port = re.search(r"--server\.port=(\d+)", serve)[1]
    assert port in arguments("EXPOSE")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = str(probe.getsockname()[1])
    words = [w.replace(port, free).replace("0.0.0.0", "127.0.0.1") for w in command(serve)]
    check = [w.replace(port, free) for w in health]
    assert subprocess.run(check, env=alone, capture_output=True).returncode != 0
    server = subprocess.Popen(
        words, cwd=image, env=alone, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        assert any("You can now view" in line for line in server.stdout), "the server ended"
        # A server that has just begun may be busy with that: as a container's, the check has more than one try.
        assert any(subprocess.run(check, env=alone, capture_output=True).returncode == 0 for _ in range(5))
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.communicate(timeout=PATIENCE)


def test_what_is_copied_reaches_the_build():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert "*" in ignored
    sources = {source for *sources, _ in copied() for source in sources}
    assert {f"!{source}" for source in sources} == {line for line in ignored if line.startswith("!")}
    assert all((ROOT / source).exists() for source in sources)
    assert not {s.split("/")[0] for s in sources} & {"tests", "benchmarks", ".git", "."}


def test_the_image_is_an_exact_version_of_a_tested_python():
    (default,) = arguments("ARG")
    version = re.fullmatch(r"PYTHON=(\d+\.\d+)\.\d+-slim-\w+", default)
    assert version
    assert all(image.split(" AS ")[0] == "python:${PYTHON}" for image in arguments("FROM"))
    about = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"Programming Language :: Python :: {version[1]}" in about["classifiers"]


def test_the_packages_are_the_locked_ones_and_nobody_in_particular_runs_them():
    (install,) = (rest for rest in arguments("RUN") if " pip install " in rest)
    assert "--require-hashes" in install
    assert install.split()[-1].endswith("requirements.lock")
    names = [name for name, _ in instructions()]
    (user,) = arguments("USER")
    assert int(user.split(":")[0]) > 0
    assert not {"RUN", "COPY"} & set(names[names.index("USER") :])


COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
UNIT = (ROOT / "deploy/unlearning.service").read_text(encoding="utf-8")
COPIES = {name: service for name, service in COMPOSE.items() if service.get("build")}


def test_the_door_knows_every_copy():
    (port,) = arguments("EXPOSE")
    door = COMPOSE["door"]
    assert len(COPIES) >= 2
    assert door["environment"]["UPSTREAMS"].split() == [f"{name}:{port}" for name in COPIES]
    assert door["depends_on"] == {name: {"condition": "service_healthy"} for name in COPIES}
    assert re.fullmatch(r"caddy:\d+\.\d+\.\d+-alpine", door["image"])
    assert [p.split(":")[0] for p in door["volumes"] if p.startswith(".")] == ["./deploy/Caddyfile"]


@pytest.mark.parametrize("name", COMPOSE)
def test_a_container_may_do_little_is_bounded_and_comes_back(name):
    service = COMPOSE[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service.get("cap_add", []) in ([], ["NET_BIND_SERVICE"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == "unless-stopped"
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}


def test_make_the_container_and_the_unit_set_the_same_bounds_of_threads_and_memory():
    wanted = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    wanted["MALLOC_ARENA_MAX"] = "2"
    (line,) = re.findall(r"^Environment=(.*)$", UNIT, flags=re.MULTILINE)
    (image,) = (rest for rest in arguments("ENV") if "OMP" in rest)
    made = re.findall(r"^export (\w+) := (\w+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    for setting in (dict(made), *(dict(word.split("=") for word in text.split()) for text in (line, image))):
        assert wanted.items() <= setting.items()


def test_systemd_starts_the_same_command():
    (start,) = re.findall(r"^ExecStart=(.*)$", UNIT, flags=re.MULTILINE)
    ours, theirs = start.split()[1:], command(arguments("CMD")[0])[1:]
    assert ours == [w.replace("0.0.0.0", "127.0.0.1") for w in theirs]
