"""The Explore tab: walk the latent space of a generator."""
