"""Nothing lost: faults, kills, outages, hostile pages. `make check-reliability` runs the short form, RELIABILITY=long the whole."""
