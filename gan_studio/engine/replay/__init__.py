"""A step captured once and replayed: a CUDA graph on a card, a recorded graph on the CPU."""
