"""What is known of a woman by her file: what stands, what was stated, and how old it is."""
