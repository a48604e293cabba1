"""Pictures: from any source to the batches of real pictures that a run trains on."""
