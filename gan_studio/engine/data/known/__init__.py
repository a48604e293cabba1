"""Known sets: finding published data sets on this machine, downloading, checking and reading them."""
