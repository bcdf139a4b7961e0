"""Scorecard, measure and contract pages, and the same figures as JSON. Whose contract it is, is asked first."""
