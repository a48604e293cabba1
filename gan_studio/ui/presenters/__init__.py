"""One presenter for each area: it shows what the session reports, and passes on to it what a person wants."""
