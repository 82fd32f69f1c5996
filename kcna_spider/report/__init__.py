"""What is shown of the store: numbers, and the pages and tables that they are in."""
