"""Counts of files by county; nobody is named."""
