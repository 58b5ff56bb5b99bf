-- Take a place among the calls of connection $1 that count in the limit $2, at $3 (null: now), of
-- which there are $4, for at most $5 seconds, as the holder $7; places of the dead end in $6 seconds.
select id, wait_seconds from take_place($1, $2, $3, $4, $5, $7, $6)
