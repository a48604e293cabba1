"""Pictures: from any source to batches."""
