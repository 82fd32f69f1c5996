"""Rules that find persons and their appearances in texts.

They read their own data files, and no other file, database, network or clock.
"""
