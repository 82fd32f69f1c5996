"""Photos: what a file of one is, and where it is kept. No requests and no database."""
