"""Acts that fall due: rows with a time, done once, kept for good."""
