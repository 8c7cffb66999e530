"""What has changed, for those who are looking: identifiers and kinds, nothing of a person."""
