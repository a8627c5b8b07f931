"""Whose: the bodies that hold, sponsor and endorse the event."""
