"""Commands that may be repeated: done once, answered as often as asked."""
