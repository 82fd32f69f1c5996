"""Pure functions over text: normal forms, dates, URLs, languages, similarity, datelines."""
