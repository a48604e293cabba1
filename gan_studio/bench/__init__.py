"""Training speed of this machine: our step against the published loop and against a matrix product."""
