"""What may happen: the linear program, one family of constraints a file."""
