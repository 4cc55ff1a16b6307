"""The trial on a bare Debian, as far as it goes without making one: it says what it needs before it begins."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_only_root_makes_a_debian(tmp_path):
    somebody = tmp_path / "id"
    somebody.write_text("#!/bin/sh\necho 1000\n")
    somebody.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    answer = subprocess.run(
        [ROOT / "deploy/fresh.sh"], env={"PATH": path, "TMPDIR": str(tmp_path)}, capture_output=True, text=True
    )
    assert answer.returncode == 1
    assert "sudo make fresh" in answer.stderr
    assert list(tmp_path.iterdir()) == [somebody]
