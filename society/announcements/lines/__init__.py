"""The lines of a text: what belongs to the mail around it, what is a label, what is for those alone who come."""
