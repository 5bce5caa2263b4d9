"""Open Badges 3.0: the certificate as a credential that other people's tools can check."""
