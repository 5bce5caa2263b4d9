"""Trials, their sites, rosters and required modules, and who may rate on which day.

Asks the certificates and modules rooms what people hold; it trains and certifies nobody itself.
"""
