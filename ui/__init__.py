"""What visitors see: lessons, the pictures they ask for, and the frame around them.

Every page and app.py import this package before numpy: numpy and scipy each bring a pool of spinning threads, and
visitors share the cores, so each run gets one thread unless the environment says otherwise.
"""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
