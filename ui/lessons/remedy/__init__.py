"""The page remedy."""
