"""What this patient needs, and whether she may be moved; no geography here."""
