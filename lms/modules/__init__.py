"""Training: enrolment, the path, lessons, attempts and their marking, up to the qualification.

Owns what people do. What they do it with is a release of `packages`, what they get for it is
issued by `certificates`; neither knows of this room.
"""
