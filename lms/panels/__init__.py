"""Panels of experts: asked, scoring blind, the reference that follows, signed and versioned.

It owns who was asked what, their ratings, and the references made of them. It does not own the
cases (packages) nor how a trainee is judged by a reference (modules).
"""
