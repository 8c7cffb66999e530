"""Ambulances, incubators and escort teams: where they are, and who takes them."""
