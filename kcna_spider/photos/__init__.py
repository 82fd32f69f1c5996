"""Read the facts of photo files, and store the files. This package sends no requests and uses no database."""
