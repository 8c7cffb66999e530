"""What is done with a file: each act writes an entry, and what follows from it."""
