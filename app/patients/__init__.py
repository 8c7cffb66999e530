"""Who a patient is; here only what a referral needs."""
