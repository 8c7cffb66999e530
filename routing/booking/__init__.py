"""Which place of birth is booked for whom, weeks ahead: from pregnancies to bookings told."""
