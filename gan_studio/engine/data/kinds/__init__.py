"""One file for each kind of source: folders, archives, arrays, videos."""
