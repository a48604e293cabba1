"""What one picture file holds: its format, its values, its colours."""
