"""The page boundary."""
