"""What the pages share: frame, cached results, charts, sentences and style.

Every page and app.py import this package before numpy: numpy and scipy each bring a pool of spinning threads, and
visitors share the cores, so each run gets one thread unless the environment says otherwise.
"""

import ctypes
import os
import sys

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

# Every run has a thread of its own, for which the GNU C library would open pools of memory, up to eight for each core;
# what is free in one is not used by the others. Two are enough (M_ARENA_MAX of malloc.h).
if sys.platform == "linux" and "MALLOC_ARENA_MAX" not in os.environ:
    _mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if _mallopt:
        _mallopt(-8, 2)
