"""What every test shares: how hypothesis searches."""

from hypothesis import settings

# derandomize: the same examples on every machine, so that a failure can be repeated.
# deadline=None: a first call that imports or caches is slow, and a busy machine is not a fault.
settings.register_profile("default", deadline=None, derandomize=True, max_examples=60, print_blob=True)
settings.load_profile("default")
