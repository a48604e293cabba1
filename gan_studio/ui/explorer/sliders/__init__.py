"""The latent sliders of the Explore tab, one for each value of z."""
