"""Clinical sign-off: who vouches for which wording of a row, kept in the database."""
