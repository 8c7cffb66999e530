"""Reviews of deaths and near-misses (R-DUTY-05)."""
