"""The networks of the page in plain numpy, from the vendored digits."""
