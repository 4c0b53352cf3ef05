"""One posting a file, named as the noun it posts."""
