"""The page dynamics."""
