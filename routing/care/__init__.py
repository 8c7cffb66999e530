"""Care before and after birth: who gets a case file, what is due and when, what closes it."""
