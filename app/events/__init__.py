"""Chains of events: what has a status stands where its last event says."""
