"""She is sent back to the hospital that sent her (回转)."""
