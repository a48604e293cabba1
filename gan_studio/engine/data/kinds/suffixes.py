"""Endings of the names of files that hold many pictures."""

TABLES = (".csv", ".tsv")
VIDEOS = (".mp4", ".mkv", ".webm", ".mov", ".avi", ".gif")
PICTURE_FILES = (".zip", ".npz", ".npy", ".mat", *TABLES, ".parquet", *VIDEOS)
"""All of them; IDX files have no ending that is their own (`is_idx_name`)."""
