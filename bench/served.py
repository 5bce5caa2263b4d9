"""The app as it is served, with the rate limits off: the bench signs in faster than a person may."""

from lms.app import create_app

app = create_app(RATELIMIT_ENABLED=False)
