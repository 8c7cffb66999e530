"""Divisions, outlines, coordinates and travel times; no people, no care."""
