"""What every test shares: how hypothesis searches, and that no server trains networks before it is asked."""

import os

from hypothesis import settings

# derandomize: the same examples on every machine, so that a failure can be repeated.
# deadline=None: a first call that imports or caches is slow, and a busy machine is not a fault.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=60, print_blob=True)
settings.load_profile("default")

# The servers that tests start, too: they inherit it.
os.environ["PREPARE_NETWORKS"] = "0"
