"""Field encryption: the ring of keys, sealed columns, and indexes to look values up by."""
