"""Forms on paper: what a referral says, as a page to print and as a PDF."""
