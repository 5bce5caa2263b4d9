"""The notary: takes frozen facts, issues, seals, checks, revokes; knows nothing of training."""
