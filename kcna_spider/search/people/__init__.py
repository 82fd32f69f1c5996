"""Rules that find persons and their appearances in texts. Pure, except that they read their data files."""
