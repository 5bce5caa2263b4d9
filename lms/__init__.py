"""Concord: training and certification of clinical outcome assessors that anyone can check."""

__version__ = "0.1.0"
