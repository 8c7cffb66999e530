"""The plain pages: ask, read the answer, print one sheet. No script is needed."""
