"""The front end: what is vendored, the components, the record pages, the pictures, in a browser."""
