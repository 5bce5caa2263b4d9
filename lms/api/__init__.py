"""The JSON API: checks of certificates for programs, over the doors of the rooms below.

Owns addresses, shapes and limits; decides nothing. It knows no sign-in, writes
nothing, and answers everybody alike.
"""
