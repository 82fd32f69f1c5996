"""Extensions: store connection, disk space, health, progress, summary, run record."""
