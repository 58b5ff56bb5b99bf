-- How far each road of the kind $2 in the connection $1 was read, and how long ago to its end.
select road, cursor, done is not null as done,
       extract(epoch from now() - done_at)::float8 as done_ago
from roads
where connection = $1 and kind = $2 and cursor is not null
