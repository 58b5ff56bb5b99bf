-- The deliveries that stand about the links $1: to their members, and to what is yet to be made.
select d.id
from deliveries d
where d.link = any ($1::uuid[])
union
select d.id
from links l
join deliveries d using (connection, kind, record)
where l.link = any ($1::uuid[])
