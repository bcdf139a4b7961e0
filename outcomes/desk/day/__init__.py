"""My day: what is due, by child, each one tap from done."""
