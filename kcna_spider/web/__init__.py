"""Pages and a JSON API on the archive file: read-only, without JavaScript, without any other host."""
