"""Measurements anyone can repeat: each a script with --help that prints a table and can write JSON."""
