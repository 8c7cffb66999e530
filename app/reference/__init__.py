"""What the installation knows: facilities, divisions, facts, rules, and its own health."""
