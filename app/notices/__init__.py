"""Messages out: written with the change that they speak of, sent after it."""
