"""What every picture of the window shares: its scale, its menu, and the room that it takes."""
