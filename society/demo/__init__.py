"""A fictional society, to try the program on and to measure it by: the same seed gives the same society."""
