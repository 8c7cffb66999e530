"""Invented pregnancies of a province for the demonstration; nobody here was ever anybody."""
