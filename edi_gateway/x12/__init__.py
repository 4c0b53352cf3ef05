"""The X12 codec: bytes to trees and back. Pure: no clock, no files, no sockets."""
