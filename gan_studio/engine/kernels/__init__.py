"""The fused Triton kernels for CUDA devices, and casting weights to bfloat16."""
