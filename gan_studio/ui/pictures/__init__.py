"""The page before the start: a person's own pictures, what the networks will see, a preset and what to expect."""
