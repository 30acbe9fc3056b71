"""What flows: the YAML language, read and checked, down to integer-indexed tables."""
