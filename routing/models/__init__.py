"""Solver models, one per file; the only place that knows OR-Tools. Import from the modules."""
