"""Questions about runs, set-ups and pictures on the disk, answered in a thread of their own."""
