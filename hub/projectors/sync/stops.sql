-- Whether anything may be written to the connections $1.
select connection, stopped, since, reason
from stops
where connection = any($1::text[])
