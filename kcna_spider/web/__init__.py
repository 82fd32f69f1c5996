"""Read-only pages and a JSON API for the archive file, without JavaScript or resources of other hosts."""
