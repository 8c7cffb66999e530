"""Organisations, users, and what an actor may see."""
