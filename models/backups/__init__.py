"""Copies of a district: its database and its objects as they were at one moment, and the way back (Art. 20).

A folder holds `objects/` (every photo and paper once, under its SHA-256) and `snapshots/TIME/` with the database as
an SQLite file, whatever database it came from, the district's secret, and a manifest that names all of it by hash.
"""
