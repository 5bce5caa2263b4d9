"""Owns what an instrument is: its form, what may be answered, and how answers become scores.

Does not own cases, references or who may rate (modules), nor where a package keeps its own
definition (packages). Nothing here is stored in a table.
"""
