"""Looking back over past tries: how cases and questions did, what if, and marking anew."""
