"""What the names below a folder or in an archive say: classes, parts, and what is not read."""
