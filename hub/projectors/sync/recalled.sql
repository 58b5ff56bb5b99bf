-- What was concluded from the events at the positions $1, as the archives have it.
select cause, shape, data from pg_temp.recalled where cause = any($1::bigint[])
