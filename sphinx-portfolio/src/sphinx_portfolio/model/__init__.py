"""What a portfolio is. Standard library only."""
