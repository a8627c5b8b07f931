"""When: the days, the hours and the zone that a text names, and which of them are meant."""
