"""The next run: its set-up, its pictures, what they decide, and what to tell before it starts."""
