"""Certificates drawn from a kept layout: only what differs is set again (docs/decisions/0079).

Owns: which pages may share a layout, what is kept of one, and how another's words are put in.
Not: what stands on a certificate (`pdf.py`, the designs), nor what makes the file archivable.

How it works. Most of the time of a certificate goes into reading HTML, applying styles, placing
boxes and painting them, and nearly all of that is the same from one certificate to the next:
another name and code in the same places. So WeasyPrint's own work for one page is kept: its boxes
before and after layout and what it painted, cut into marks, one a line of text or picture. For the
next page of the same `shape` (all tags and attributes alike, texts in the same places) those boxes
whose words changed are laid out anew by WeasyPrint itself, their marks are painted anew, and
WeasyPrint writes the file as always: fonts, tags, metadata, links, attachments.

What comes out is byte for byte what the whole way gives; a test compares the two. Wherever that
is not certain (a line more, a box with a background that grows, a letter that no font has, a
control character) `Doubt` is raised and the page goes the whole way.

A kept layout never changes, so nothing of one person's certificate can get into another's: all
texts that differ are put in anew, and fonts begin empty for each file. It does remember the words
of the first certificate of its shape, in memory alone, until it makes room for another.
"""
