"""Projectors that only report: each has a position of its own, and nothing is decided by them."""
