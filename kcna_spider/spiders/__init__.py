"""The spiders: one for each site, and one for the Wayback Machine."""
