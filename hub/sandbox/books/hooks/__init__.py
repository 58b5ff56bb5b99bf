"""Webhooks: what is set up, which rule fires when, what is sent and how it is signed."""
