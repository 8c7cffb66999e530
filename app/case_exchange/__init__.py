"""Files and visits as tables of another system: read, checked, told apart from ours, written."""
