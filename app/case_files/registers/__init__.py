"""Registers: who is in them by which criterion, with what is known and what is not."""
