"""Where: the venue, its room and its address."""
