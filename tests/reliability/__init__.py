"""Checks that nothing is lost after faults, kills, outages and hostile pages.

`make check-reliability` runs the short form. With RELIABILITY=long it runs the complete form.
"""
