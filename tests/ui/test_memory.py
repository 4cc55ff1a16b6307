import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Twelve threads take memory at once; the C library says in how many pools.
COUNT = """
import ctypes, sys, tempfile, threading

library = ctypes.CDLL(None)
library.malloc.restype = library.fopen.restype = ctypes.c_void_p
library.fclose.argtypes = [ctypes.c_void_p]
library.malloc_info.argtypes = [ctypes.c_int, ctypes.c_void_p]
together = threading.Barrier(13)

def work():
    library.malloc(1000)
    together.wait()
    together.wait()

for _ in range(12):
    threading.Thread(target=work).start()
together.wait()
with tempfile.NamedTemporaryFile() as file:
    stream = library.fopen(file.name.encode(), b"w")
    library.malloc_info(0, ctypes.c_void_p(stream))
    library.fclose(ctypes.c_void_p(stream))
    print(open(file.name).read().count("<heap nr"))
together.wait()
"""


def pools(before="", **more):
    environment = {name: text for name, text in os.environ.items() if name != "MALLOC_ARENA_MAX"} | more
    command = [sys.executable, "-c", before + COUNT]
    return int(subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True).stdout)


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_info"), reason="another C library has no pools"
)
def test_the_threads_of_the_runs_share_two_pools_of_memory_unless_the_environment_says_otherwise():
    assert pools() > 2
    assert pools("import ui\n") == 2
    assert pools("import ui\n", MALLOC_ARENA_MAX="5") > 2
