"""Rescue centres at work: places and what is promised of them."""
