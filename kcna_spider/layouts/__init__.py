"""One class for each generation of each site's pages."""
