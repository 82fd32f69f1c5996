"""Persons in articles, and who appeared where: rules on texts. Pure but for reading their data files."""
