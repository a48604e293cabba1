"""The training engine: free of Qt, and imports nothing until asked."""
