"""Export stored articles as rows, files, a feed and a change history."""
