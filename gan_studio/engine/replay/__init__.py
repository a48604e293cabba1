"""A step captured once and replayed: a CUDA graph on a GPU, a recorded graph on the CPU."""
