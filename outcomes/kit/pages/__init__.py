"""The HTML pages of every kind, the questions of their forms, and their lists as files to keep."""
