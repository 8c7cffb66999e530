"""The journey: vehicle, departure, what happens on the way, arrival, hand-over, what came of it."""
