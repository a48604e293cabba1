"""What the arrays of a file hold: which are pictures and which labels, their layout and their values."""
