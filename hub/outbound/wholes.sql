-- The records of the connection $1 that hold others: $2 names, each with one of the ids $3.
select value, record
from keys
where connection = $1 and (name, value) in (select * from unnest($2::text[], $3::text[]))
