"""The page geometry."""
