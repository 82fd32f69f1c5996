"""What the spiders share: arguments, pagination, recheck, errors."""
