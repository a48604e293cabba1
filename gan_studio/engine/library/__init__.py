"""Questions about runs, set-ups and pictures on the disk, answered in their own thread."""
