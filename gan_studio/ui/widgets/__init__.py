"""Small widgets, drawing and texts that several parts of the window share."""
