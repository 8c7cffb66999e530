"""Whether everything in the database fits together and nothing was changed behind its back."""
