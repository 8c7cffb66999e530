"""Backups that are encrypted, and that were proven when they are restored."""
