"""What belongs to a file and is kept elsewhere: referrals, newborns, patients."""
