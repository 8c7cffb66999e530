"""Rescue centres: what they can do, what is free, whom they serve; no roads, no patients."""
