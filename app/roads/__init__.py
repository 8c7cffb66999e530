"""Roads between two counties that are closed or slowed for some hours, and who said so."""
