"""The kinds of source, one file each: folders, archives, arrays, videos."""
