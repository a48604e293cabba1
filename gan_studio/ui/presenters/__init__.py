"""One presenter an area: it shows what the session tells, and passes on to it what a person wants."""
