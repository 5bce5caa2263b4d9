"""The app as it is served, without rate limits: the bench signs in faster than people may."""

from lms.app import create_app

app = create_app(RATELIMIT_ENABLED=False)
