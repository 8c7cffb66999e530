"""A look at a referral that is not one's own, for a reason and for a while."""
