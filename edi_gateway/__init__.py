"""A self-hosted gateway that exchanges X12 documents with trading partners over SFTP."""

__version__ = "0.1.0"
