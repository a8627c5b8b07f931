"""Who: the people who speak, apart from those who only stand by."""
