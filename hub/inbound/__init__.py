"""The ways in: whatever reaches the hub becomes an event here, and is answered once it is durable.

receive.py  what all roads share: the event that a change becomes, and the wait until it is kept
push.py     the road of systems of your own, which POST their records, signed
sample.py   made-up changes of two made-up systems, for `hub demo`
"""
