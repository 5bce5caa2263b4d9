"""What every page shares: who may call it, errors, headers, forms, languages. Knows no subject."""
