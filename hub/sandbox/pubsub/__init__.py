"""Salesforce's Pub/Sub API, played: what is committed is told over gRPC, as change events.

pubsub.py   the system: its quirks, and what may go wrong    serve.py    the gRPC server
schemas.py  the Avro schema of an object, under an id        service.py  the calls on it
encode.py   a change as an event                             stream.py   one open stream
bitmap.py   which fields an event speaks of                  topic.py    what can be read again
refusal.py  the vendor's errors
"""

from hub.sandbox.pubsub.pubsub import PubSub
from hub.sandbox.pubsub.serve import PORT, Streams, serving

__all__ = ["PORT", "PubSub", "Streams", "serving"]
