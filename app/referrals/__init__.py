"""Referrals: requested, offered, accepted, until they are closed."""
