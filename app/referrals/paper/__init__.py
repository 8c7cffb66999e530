"""Numbered blank forms for a dead line."""
