"""Commands, HTTP interface and pages around the three libraries."""
