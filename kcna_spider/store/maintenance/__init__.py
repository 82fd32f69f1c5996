"""Recovery after a killed crawl, and backups."""
