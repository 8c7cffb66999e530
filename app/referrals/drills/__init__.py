"""Exercises: they run the whole path and touch nothing real (R-DRILL-01)."""
