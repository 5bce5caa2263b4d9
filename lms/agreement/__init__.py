"""Statistics of rater agreement and of test items, pure: no database, no framework, no clock.

Owns the formulas, what they answer where there is no figure, and how their input is read. Does not
own what a figure is used for: criteria, reports and pages belong to the rooms above.
"""
