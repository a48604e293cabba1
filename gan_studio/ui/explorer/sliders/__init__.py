"""The latent sliders."""
