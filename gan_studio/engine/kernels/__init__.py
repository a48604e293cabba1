"""Triton kernels for a CUDA device, and the casts of reduced precision."""
