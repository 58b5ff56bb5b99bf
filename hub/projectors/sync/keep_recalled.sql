-- Keep what was concluded from the event $1: $2 shape, $3 data.
insert into recalled (cause, shape, data) values ($1, $2, $3)
