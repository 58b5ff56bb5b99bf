-- How many records of the kinds $2 of the connections $1 were noticed and are yet to be read.
select count(*)
from unnest($1::text[], $2::text[]) as wanted (connection, kind)
join notices using (connection, kind)
