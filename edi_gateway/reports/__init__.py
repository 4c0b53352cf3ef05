"""The questions people ask, answered from the books, and the pages that the program prints."""
