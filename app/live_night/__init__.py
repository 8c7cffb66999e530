"""A night over the province, played through the services; all of it is an exercise."""
