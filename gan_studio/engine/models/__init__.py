"""The networks: layer plans, layers, generator and discriminator."""
