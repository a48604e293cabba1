"""Earlier runs and their moments: cards, names, and what the transport does next."""
