"""The page regularize."""
