"""What: the lines and words that may be the title, and which of them is likeliest."""
