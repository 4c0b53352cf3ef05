"""What the house keeps: the tables, the archive of bytes, the shelf of data."""
