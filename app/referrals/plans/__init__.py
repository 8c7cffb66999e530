"""The coordinator's joint plan of all open requests."""
