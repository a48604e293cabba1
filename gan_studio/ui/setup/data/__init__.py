"""What is known of the chosen pictures."""
