"""The notary: takes frozen facts, issues, seals, checks and revokes certificates; knows nothing of training."""
