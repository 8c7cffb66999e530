"""Bookings: where a woman of a case file is to give birth, weeks before it."""
