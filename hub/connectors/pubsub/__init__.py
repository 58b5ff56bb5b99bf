"""Salesforce's change events over its Pub/Sub API: what they are on the wire, and what they say.

pubsub.proto   the wire; `make wire` writes pubsub_pb2.py from it
wire.py        a channel, and the calls on it        subscribe.py  one topic, followed until it ends
fault.py       what the end of a stream means        schema.py     Avro schemas, each under its id
bitmap.py      which fields an event speaks of       word.py       what Avro holds, as JSON says it
change.py      an event as the vendor sent it        told.py       what the hub makes of it
record_id.py   15 characters and 18 are one record   tenant.py    whose events they are
stream.py      one topic as the roads see it: read on from a place, told in batches
"""

import os

# Read when gRPC is first imported. No process that a hub or a demo starts goes on with its calls;
# else gRPC says on the terminal, for each of them, that it does not see to that.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "false")
