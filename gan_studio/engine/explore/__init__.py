"""Pictures for people: drawing points of the latent space."""
