"""Slack, e-mail and a signed webhook: connections that take messages, and tell nothing.

message.py    what a message says            notifier.py   a connector that only writes
slack.py      Slack, by webhook or by token  mail.py       e-mail: a message, and its settings
webhook.py    a signed POST to an address    smtp.py       the talk with a mail server
made.py       from the settings to each      described.py  the fields of a message
"""
