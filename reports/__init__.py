"""What people read: tidy tables, indicators, the summary and the JSON result."""
