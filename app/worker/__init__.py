"""The worker: does what has fallen due, and sends what is to be sent."""
