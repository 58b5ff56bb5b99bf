"""The hub: keeps records at several vendors in agreement, and can explain every step it took."""

__version__ = "0.1.0"
