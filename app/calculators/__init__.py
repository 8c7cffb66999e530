"""The calculators: one assessment, one recommendation, one plan; nothing is stored."""
