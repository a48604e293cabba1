"""One training step: noise in, updated networks and a row of metrics out."""
