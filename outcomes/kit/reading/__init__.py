"""What a reader may see of a record, how it came to be so, and the address where it is found."""
