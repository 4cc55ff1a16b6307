"""The page claims."""
