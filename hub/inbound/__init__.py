"""The ways in: whatever reaches the hub becomes an event here, and is answered once it is durable.

receive.py  what all roads share: the event that a change becomes, and the wait until it is kept
account.py  one connection as its roads see it              places.py    how far each road was read
serve.py    where they listen over HTTP                     patience.py  wait where nothing is given
door.py     what every way in over HTTP does
hooks.py    `webhook`: what vendors send by themselves      push.py   `push`: systems of your own
listen.py   `channel`: have the vendor tell, and renew it   fetch.py  read what notices speak of
stream.py   `stream`: what a vendor tells over one, and the place behind it
streams.py  which of them are followed, as flows come and go
resync.py   `resync`: read what a stream did not tell
poll.py     `first` and `poll`: all there is, then news     scan.py   what is gone without a trace
clock.py    `clock`: the days, as facts                     due.py    moments that flows wait for
waiting.py  what waits to be read                       restated.py  what is known needs no call
watch.py    notice the silence of any road
proofs.py   what hooks are proved by, kept at hand          no_request.py  answer what is no request
roads.py    all that the hub walks itself, of one connection, in one process at a time
"""
