"""Where things stand in the window: what floats, what is dragged, what Tab reaches, and on which screen."""
