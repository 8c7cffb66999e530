"""Where every chain of events begins."""

__all__ = ["START"]

START = ""
"""What the first event of a chain comes from."""
