"""What a page draws from the Portfolio: one file a view."""
